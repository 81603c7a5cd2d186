// The Tampilkan button of a password field.
document.querySelectorAll("[data-password]").forEach((group) => {
  const input = group.querySelector("input");
  const button = group.querySelector("button");
  group.classList.add("has-toggle");
  button.hidden = false;
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-pressed", String(visible));
  };
  button.addEventListener("click", () => show(input.type === "password"));
  if (input.form) input.form.addEventListener("submit", () => show(false));
});
