// Moves in the outline [data-outline] without loading the page anew: its Naik and Turun buttons, and handles to drag.
// Both send what the buttons send without it, and show the outline of the page that comes back.
(() => {
  let outline = document.querySelector("[data-outline]");
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted && wanted.matches("input")) wanted.focus();
  if (!outline) return;
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "sr-only";
  outline.before(status);

  const showHandles = () => outline.querySelectorAll("[data-grip]").forEach((grip) => { grip.hidden = false; });

  const focus = (id) => {
    const button = id && document.getElementById(id);
    if (!button) return;
    (button.disabled ? button.parentElement.querySelector("button:enabled") : button).focus();
  };

  const move = async (address, fields, focused) => {
    status.textContent = "";
    const body = new URLSearchParams({ ...fields, csrf_token: outline.querySelector("[name=csrf_token]").value });
    try {
      const answer = await fetch(address, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-outline]");
      if (!answer.ok || !fresh) throw new Error(answer.statusText);
      outline.replaceWith(fresh);
      outline = fresh;
      showHandles();
      focus(focused);
      const refusal = page.querySelector(".flashes .alert-danger p");
      status.className = refusal ? "text-danger" : "sr-only";
      status.textContent = refusal ? refusal.textContent : outline.dataset.moved;
    } catch {
      status.className = "text-danger";
      status.textContent = outline.dataset.failed;
    }
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "susun") return;
    event.preventDefault();
    move(event.submitter.formAction, { step: event.submitter.value }, event.submitter.id);
  }, true);

  // Dragging: a line shows where the row would land; nothing moves before it is let go.
  let dragged = null;
  let landing = null;

  const mark = (row, after) => {
    if (landing) landing.row.classList.remove("is-before", "is-after");
    landing = row && row !== dragged ? { row, after } : null;
    if (landing) row.classList.add(after ? "is-after" : "is-before");
  };

  const over = (event) => {
    const kind = "lesson" in dragged.dataset ? "[data-lesson]" : "[data-section]";
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const section = under && under.closest("[data-section]");
    const row = under && under.closest(kind) || section && section.querySelector("[data-lessons]");
    if (!row || !outline.contains(row)) return mark(null);
    const box = row.getBoundingClientRect();
    return mark(row, event.clientY > box.top + box.height / 2);
  };

  const land = () => {
    const { row, after } = landing;
    if (row.matches("[data-lessons]")) {
      const others = [...row.children].filter((each) => each !== dragged);
      return { section: row.closest("[data-section]").dataset.section, place: after ? others.length + 1 : 1 };
    }
    const rows = [...row.parentElement.children].filter((each) => each.dataset.move && each !== dragged);
    const place = rows.indexOf(row) + (after ? 2 : 1);
    return "lesson" in dragged.dataset ? { section: row.closest("[data-section]").dataset.section, place } : { place };
  };

  const stop = () => {
    if (dragged) dragged.classList.remove("is-dragged");
    mark(null);
    dragged = null;
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    dragged = grip.closest("[data-move]");
    dragged.classList.add("is-dragged");
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    if (event.clientY < 80) scrollBy(0, -12);
    if (event.clientY > innerHeight - 80) scrollBy(0, 12);
    over(event);
  });
  document.addEventListener("pointerup", () => {
    if (!dragged) return;
    const [address, fields] = [dragged.dataset.move, landing && land()];
    stop();
    if (fields) move(address, fields);
  });
  document.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  showHandles();
})();
