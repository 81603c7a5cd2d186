// Keeps what is typed into <form data-draft="address"> on the server two seconds after the last key, and when the page is
// left; its [data-draft-state] says when. Saving ends it. What could not be kept is not left without a question, and what
// is older than what was saved (409) is not kept.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const state = form.querySelector("[data-draft-state]");
  const typed = () => JSON.stringify(Object.fromEntries(
    [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string"),
  ));
  let kept = form.querySelector("#kesalahan") ? "" : typed(); // what comes back refused may be kept nowhere yet
  let timer = 0;
  let failed = false;
  let saving = false;

  const say = (word, time = "") => { state.textContent = word.replace("{time}", time); };

  const keep = async (leaving = false) => {
    clearTimeout(timer);
    const body = typed();
    if (saving || body === kept) return;
    if (!leaving) say(state.dataset.keeping);
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        keepalive: leaving && body.length < 60000,
        headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body,
      });
      if (answer.status === 409) {
        failed = true;
        say((await answer.json()).error);
        return;
      }
      if (!answer.ok) throw new Error(answer.statusText);
      kept = body;
      failed = false;
      say(state.dataset.kept, (await answer.json()).saved_at);
    } catch {
      failed = true;
      say(state.dataset.failed);
      timer = setTimeout(keep, 10000);
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 2000);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.formTarget) return;
    saving = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  window.addEventListener("beforeunload", (event) => {
    if (!saving && typed() !== kept && (failed || typed().length >= 60000)) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) saving = false; });
})();
