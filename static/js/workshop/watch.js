// Pantau: shows the table whenever the server sends it, or asks for it every five seconds where the server does not
// stream; nothing while nobody looks. Counts the time left down, and says so when the server is not heard any more.
(() => {
  const place = document.querySelector("[data-watch]");
  if (!place) return;
  const lost = document.querySelector("[data-lost]");
  let stream = null; // without one we ask
  let asked = 0;
  let heard = Date.now();
  let drawn = heard;
  let newest = null;
  document.querySelectorAll("[data-nojs]").forEach((each) => { each.hidden = true; });

  // Never under the hands of somebody who is in the table: what came meanwhile is drawn afterwards.
  const draw = () => {
    if (!newest || place.contains(document.activeElement)) return;
    place.innerHTML = newest.table;
    drawn = newest.at;
    newest = null;
  };
  // An empty message says that nothing has changed.
  const take = (table) => {
    heard = Date.now();
    if (table) newest = { table, at: heard };
    draw();
  };
  const close = () => {
    if (stream) stream.close();
    stream = null;
  };
  const open = () => {
    close();
    heard = Date.now();
    stream = new EventSource(place.dataset.stream);
    stream.onmessage = (event) => take(event.data);
    // Refused; a stream that has only ended is opened again by the browser.
    stream.onerror = (event) => { if (event.target.readyState === EventSource.CLOSED) close(); };
  };
  const ask = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(place.dataset.watch, { redirect: "manual" }); // not the page to sign in
      if (answer.ok) take(await answer.text());
      else heard = 0;
    } catch {
      // The next time may do.
    }
  };

  const two = (number) => String(number).padStart(2, "0");
  const count = (cell) => {
    const left = Math.max(0, cell.dataset.left - Math.round((Date.now() - drawn) / 1000));
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor((left % 3600) / 60);
    const parts = hours ? [hours, two(minutes), two(left % 60)] : [minutes, two(left % 60)];
    cell.textContent = parts.join(place.dataset.mark);
  };
  setInterval(() => {
    if (document.hidden) return;
    const isSilent = Date.now() - heard > 10000;
    lost.hidden = !isSilent;
    if (isSilent) close();
    if (!stream && Date.now() - asked >= 5000) ask();
    draw();
    place.querySelectorAll("[data-left]").forEach(count);
  }, 1000);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  if (!document.hidden) open();
})();
