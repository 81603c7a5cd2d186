// The outline drawer of the player (a :target without JavaScript): Escape and a click beside it close it.
(() => {
  const drawer = document.getElementById("daftar-materi");
  if (!drawer) return;
  const isOpen = () => location.hash === "#daftar-materi";
  const close = () => { if (isOpen()) location.hash = "#isi"; };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("click", (event) => {
    if (isOpen() && matchMedia("(max-width: 959.98px)").matches && !drawer.contains(event.target) && !event.target.closest(".study-open")) close();
  });
  const current = drawer.querySelector("[aria-current]") || drawer.querySelector("[open]");
  if (current && drawer.scrollHeight > drawer.clientHeight) {
    drawer.scrollTop = current.offsetTop - drawer.clientHeight / 3;
  }
})();
