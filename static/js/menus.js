// Open <details data-menu> close on Escape (focus returns to the summary), on a click outside, and when another opens.
(() => {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => {
      if (!menu.contains(event.target) && !menu.matches(".confirm")) menu.open = false;
    });
    const close = event.target.closest("[data-close]");
    if (close) {
      const menu = close.closest("details");
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });
  document.querySelectorAll("[data-close]").forEach((button) => { button.hidden = false; });
})();
