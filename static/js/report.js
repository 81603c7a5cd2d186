// Tells the server that a lesson is open and for how long, so that the learner goes on here next time.
// Reading works without it; what cannot be sent is lost without a word.
(() => {
  const lesson = document.querySelector("[data-report]");
  const token = document.querySelector('input[name=csrf_token]');
  if (!lesson || !token) return;
  let since = Date.now();

  const report = () => {
    const seconds = Math.round((Date.now() - since) / 1000);
    since = Date.now();
    fetch(lesson.dataset.report, {
      method: "POST",
      keepalive: true,
      headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ seconds }),
    }).catch(() => {});
  };

  report();
  setInterval(() => { if (!document.hidden) report(); }, 120000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) report();
    else since = Date.now();
  });
})();
