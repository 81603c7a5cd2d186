// Grading by keyboard: Ctrl+Enter saves and goes on; a kept sentence goes into the feedback.
(() => {
  const form = document.querySelector("[data-grade]");
  if (!form) return;
  // On a phone the answer comes first, and the focus would jump past it.
  if (matchMedia("(min-width: 60rem)").matches) form.elements.score.focus();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.elements.next);
  });
  for (const phrase of form.querySelectorAll("[data-phrase]")) {
    phrase.hidden = false;
    phrase.addEventListener("click", () => {
      const field = form.elements.feedback;
      field.value = [field.value, phrase.textContent].filter(Boolean).join("\n");
      field.focus();
    });
  }
})();
