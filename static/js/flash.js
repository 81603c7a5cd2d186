// Flash messages can be closed.
document.querySelectorAll("[data-dismiss]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const box = button.closest(".flashes");
    button.closest("[data-flash]").remove();
    if (!box.querySelector("[data-flash]")) box.remove();
  });
});
