// Pantau: asks for the table again every five seconds, as long as the page is looked at.
(() => {
  const place = document.querySelector("[data-watch]");
  if (!place) return;
  document.querySelectorAll("[data-nojs]").forEach((each) => { each.hidden = true; });
  setInterval(async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(place.dataset.watch);
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // The next time may do.
    }
  }, 5000);
})();
