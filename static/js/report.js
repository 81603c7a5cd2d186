// Tells the server that a lesson is open, for how long, and how far the learner is ("at", from the player and the
// reader), so that they go on here next time. Reading works without it; what cannot be sent is lost without a word.
(() => {
  const lesson = document.querySelector("[data-report]");
  const token = document.querySelector('input[name=csrf_token]');
  if (!lesson || !token) return;
  const rule = document.querySelector("[data-done]");
  let since = Date.now();
  let place = {};

  const report = () => {
    const seconds = Math.round((Date.now() - since) / 1000);
    since = Date.now();
    fetch(lesson.dataset.report, {
      method: "POST",
      keepalive: true,
      headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ seconds, ...place }),
    }).then((answer) => answer.json()).then(({ done }) => {
      if (done && rule) rule.lastElementChild.textContent = rule.dataset.done;
    }).catch(() => {});
  };

  report();
  setInterval(() => { if (!document.hidden) report(); }, 120000);
  lesson.addEventListener("at", ({ detail: { now, ...at } }) => {
    place = at;
    if (now || Date.now() - since > 15000) report();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) report();
    else since = Date.now();
  });
})();
