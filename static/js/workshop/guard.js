// A <form data-guard> that nothing keeps is not left without a question once something was typed into it, or when it has
// come back refused (data-guard="unsaved").
(() => {
  const form = document.querySelector("form[data-guard]");
  if (!form) return;
  const typed = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  const first = typed();
  let saving = false;

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || (event.submitter && event.submitter.formTarget)) return;
    saving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saving && (form.dataset.guard === "unsaved" || typed() !== first)) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) saving = false; });
})();
