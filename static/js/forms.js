// A form is sent once: the second press is swallowed and the button shows that something happens.
// <form data-autosubmit> sends itself when a choice changes. The error summary takes the focus.
(() => {
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get") return;
    if (sent.has(form)) { event.preventDefault(); return; }
    sent.add(form);
    const button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
    if (form.matches("[data-download]")) setTimeout(() => release(form, button), 3000);
  });
  const release = (form, button) => {
    sent.delete(form);
    if (button) button.removeAttribute("aria-busy");
  };
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form").forEach((form) => sent.delete(form));
    document.querySelectorAll("button[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
  document.querySelectorAll("form[data-autosubmit]").forEach((form) => {
    form.querySelectorAll("[data-nojs]").forEach((element) => { element.hidden = true; });
    form.addEventListener("change", () => form.requestSubmit());
  });
  const summary = document.getElementById("kesalahan");
  if (summary) summary.focus();
})();
