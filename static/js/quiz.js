// A running attempt: saves every answer as it is given, keeps what could not be sent and sends it in order later, shows
// the clock of the server; before handing in as well. Without it every button of the form saves.
(() => {
  const words = document.querySelector("[data-quiz]")?.dataset;
  if (!words) return;
  const form = document.querySelector("main").querySelector("form");
  const state = document.querySelector("[data-save-state]");
  const clock = document.querySelector("[data-deadline]");
  const said = document.createElement("p");
  said.className = "sr-only";
  said.setAttribute("role", "status");
  form.append(said);

  const key = `percobaan-${words.quiz}`;
  const place = form.elements.question?.value; // none before handing in
  const file = form.querySelector("[type=file]");
  const token = form.elements.csrf_token.value;
  let sequence = Number(words.sequence);
  let waiting = 0;
  let running = null;
  let leaving = false;
  let refused = false;
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

  // One after the other, the oldest first. Only what has its receipt, or can never have one, is let go: a page of
  // somebody between us and the server is none, and who has been signed out signs in again.
  const flush = async () => {
    let sent = false;
    for (let queue = kept(); queue.length; queue = kept()) {
      const item = queue[0];
      const body = JSON.stringify(item);
      let answer;
      let told;
      try {
        answer = await fetch(words.save, {
          method: "POST",
          keepalive: new Blob([body]).size < 60000, // browsers refuse to keep more alive
          signal: AbortSignal.timeout?.(20000), // a dead uplink says nothing
          headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
          body,
        });
        told = await answer.json();
      } catch {
        show(words.unsaved, "danger");
        return;
      }
      if (answer.status === 409) {
        keep([]);
        location.assign(words.result);
        return;
      }
      const never = answer.status === 422 && told?.error;
      if (!never && !(answer.ok && told?.saved)) {
        show([400, 401, 403].includes(answer.status) ? words.signin : words.unsaved, "danger");
        return;
      }
      // Meanwhile a newer answer to the same question may have taken its place.
      keep(kept().filter((each) => each.question !== item.question || each.sequence !== item.sequence));
      sent = true;
      refused = never && item.question === place;
      if (never) {
        show(told.field ? told.error : words.unsaved, "danger");
        continue;
      }
      if (told.deadline) deadline = Date.parse(told.deadline);
      if (item.question === place && told.sequence > sequence) {
        sequence = told.sequence; // another device was ahead: what is given here last counts
        queued();
      }
      show(`${words.saved} ${told.saved}`, "success");
    }
    if (sent && !place && !leaving) location.reload(); // what is not answered is another thing now
  };
  const send = () => {
    running = running || flush().finally(() => { running = null; });
    return running;
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
    show(words.saving, "neutral");
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
    show(words.saving, "neutral");
    waiting = setTimeout(save, 1500);
  });
  // The page is left, and the attempt handed in, when all has its receipt. What the script does not send (a file, a
  // doubt), and what was refused, the form does: it saves the same under the same number.
  const submit = (button) => {
    const pressed = document.createElement("input");
    pressed.type = "hidden";
    if (button?.name) form.append(Object.assign(pressed, { name: button.name, value: button.value }));
    leaving = true;
    form.submit();
    pressed.remove();
  };
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    queued();
    if (place) form.elements.sequence.value = sequence || "";
    if (!button && navigator.onLine) return; // an old browser, which does not say where to
    event.preventDefault();
    if (kept().length) show(words.saving, "neutral");
    leaving = true;
    await send();
    leaving = false;
    if (kept().length) return; // `send` has said why
    if (!navigator.onLine) show(words.unsaved, "danger");
    else if (button.name !== "onward" || file?.value || refused) submit(button);
    else location.assign(Number(button.value) ? words.onward + button.value : words.summary);
  });
  file?.addEventListener("change", () => { if (file.value) show(words.unsent, "warning"); });
  window.addEventListener("pagehide", () => { if (waiting) save(); });
  window.addEventListener("online", send);
  setInterval(() => { if (kept().length) send(); }, 5000);
  restore();
  send();

  if (!clock) return;
  const skew = Date.parse(words.now) - Date.now();
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
        said.textContent = words.minutes.replace("{n}", mark);
      }
    }
    if (left <= 30 && file?.value && navigator.onLine && !leaving) submit(); // after the end it would be too late
    if (left > 0) return;
    clearInterval(ticking);
    said.textContent = words.over;
    show(words.over, "danger");
    if (waiting) save();
    else send();
    setTimeout(() => { if (!leaving) location.assign(words.result); }, 12000);
  };
  const ticking = setInterval(tick, 1000);
  tick();
})();
