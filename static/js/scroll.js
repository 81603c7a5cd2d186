// A wide table in a lesson scrolls sideways by itself; then it must be reachable by keyboard. Of tabs the present one shows.
document.querySelectorAll(".prose table, .tabs").forEach((box) => {
  if (box.scrollWidth <= box.clientWidth) return;
  box.tabIndex = 0;
  const here = box.querySelector("[aria-current]");
  if (here) box.scrollLeft = here.offsetLeft - (box.clientWidth - here.offsetWidth) / 2;
});
