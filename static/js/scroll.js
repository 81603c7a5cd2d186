// A wide table in a lesson scrolls sideways by itself; then it must be reachable by keyboard.
document.querySelectorAll(".prose table, .tabs").forEach((box) => {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
});
