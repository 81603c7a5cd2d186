// A running attempt: saves every answer as it is given, keeps what could not be sent and sends it in order later, shows
// the clock of the server. Without it every button of the form saves.
(() => {
  const form = document.querySelector("[data-quiz]");
  if (!form) return;
  const state = document.querySelector("[data-save-state]");
  const clock = document.querySelector("[data-deadline]");
  const said = document.createElement("p");
  said.className = "sr-only";
  said.setAttribute("role", "status");
  form.append(said);

  const key = `percobaan-${form.dataset.quiz}`;
  const place = form.elements.question.value;
  const token = form.elements.csrf_token.value;
  let sequence = Number(form.dataset.sequence);
  let waiting = 0;
  let sending = false;
  let deadline = clock ? Date.parse(clock.dataset.deadline) : 0;

  // Where the browser keeps nothing (a private window, a full disk) the page itself does, as long as it is open.
  let here = [];
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(key) || "[]"); } catch { return here; }
  };
  const keep = (queue) => {
    here = queue;
    try {
      if (queue.length) localStorage.setItem(key, JSON.stringify(queue));
      else localStorage.removeItem(key);
    } catch { /* it is in `here` */ }
  };
  const show = (text, tone) => {
    state.textContent = text;
    state.className = "pill";
    state.classList.add(`pill-${tone}`);
  };
  const values = () =>
    [...form.querySelectorAll("[name=answer]")]
      .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
      .map((field) => field.value);

  // What was given here without a network is newer than what the server has sent.
  const restore = () => {
    const item = kept().find((each) => each.question === place);
    if (!item) return;
    sequence = Math.max(sequence, item.sequence);
    [...form.querySelectorAll("[name=answer]")].forEach((field, number) => {
      if (["radio", "checkbox"].includes(field.type)) field.checked = item.answer.includes(field.value);
      else field.value = item.answer[number] ?? "";
    });
  };

  // One after the other, the oldest first. Only what was saved or can never be is let go: who has been signed out signs
  // in again, and the answers go from the next page.
  const send = async () => {
    if (sending) return;
    sending = true;
    for (let queue = kept(); queue.length; queue = kept()) {
      const item = queue[0];
      const body = JSON.stringify(item);
      let answer;
      try {
        answer = await fetch(form.action, {
          method: "POST",
          keepalive: new Blob([body]).size < 60000, // browsers refuse to keep more alive
          headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
          body,
        });
      } catch {
        show(form.dataset.unsaved, "danger");
        break;
      }
      if (answer.status === 409) {
        keep([]);
        location.assign(form.dataset.result);
        return;
      }
      if (!answer.ok && answer.status !== 422) {
        show([400, 401, 403].includes(answer.status) ? form.dataset.signin : form.dataset.unsaved, "danger");
        break;
      }
      // Meanwhile a newer answer to the same question may have taken its place.
      keep(kept().filter((each) => each.question !== item.question || each.sequence !== item.sequence));
      const told = answer.ok ? await answer.json().catch(() => null) : null;
      if (told && told.deadline) deadline = Date.parse(told.deadline);
      if (told && item.question === place && told.sequence > sequence) {
        sequence = told.sequence; // another device was ahead: what is given here last counts
        queued();
      }
      if (told) show(`${form.dataset.saved} ${told.saved}`, "success");
      else show(form.dataset.unsaved, "danger");
    }
    sending = false;
  };

  // The answer as it stands, behind what waits to be sent. A file is sent by the form alone.
  const queued = () => {
    clearTimeout(waiting);
    waiting = 0;
    if (!form.querySelector("[name=answer]")) return;
    sequence += 1;
    const queue = kept().filter((each) => each.question !== place);
    keep([...queue, { question: place, answer: values(), touched: 1, sequence }]);
  };

  const save = () => {
    queued();
    show(form.dataset.saving, "neutral");
    const button = form.querySelector("[aria-current]");
    if (button && form.querySelector("[name=answer]")) button.classList.toggle("is-answered", values().some((each) => each && !each.endsWith(":")));
    send();
  };

  form.addEventListener("change", (event) => {
    if (event.target.name === "answer") save();
  });
  form.addEventListener("input", (event) => {
    if (event.target.name !== "answer" || ["radio", "checkbox", "select-one"].includes(event.target.type)) return;
    clearTimeout(waiting);
    show(form.dataset.saving, "neutral");
    waiting = setTimeout(save, 1500);
  });
  // The form saves the same under the same number. Without a network the page stays, and so does the answer.
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      save();
      show(form.dataset.unsaved, "danger");
      return;
    }
    queued();
    form.elements.sequence.value = sequence || "";
  });
  window.addEventListener("pagehide", () => { if (waiting) save(); });
  window.addEventListener("online", send);
  setInterval(() => { if (kept().length) send(); }, 5000);
  restore();
  send();

  if (!clock) return;
  const skew = Date.parse(form.dataset.now) - Date.now();
  const spoken = new Set();
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const left = Math.max(0, Math.round((deadline - Date.now() - skew) / 1000));
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor((left % 3600) / 60);
    const parts = hours ? [hours, two(minutes), two(left % 60)] : [minutes, two(left % 60)];
    clock.lastChild.textContent = parts.join(clock.dataset.mark);
    clock.classList.toggle("clock-low", left < 60);
    for (const mark of [10, 5, 1]) {
      if (left <= mark * 60 && left > mark * 60 - 5 && !spoken.has(mark)) {
        spoken.add(mark);
        said.textContent = form.dataset.minutes.replace("{n}", mark);
      }
    }
    if (left > 0) return;
    clearInterval(ticking);
    said.textContent = form.dataset.over;
    show(form.dataset.over, "danger");
    if (waiting) save();
    else send();
    setTimeout(() => location.assign(form.dataset.result), 12000);
  };
  const ticking = setInterval(tick, 1000);
  tick();
})();
