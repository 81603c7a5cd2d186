// A video or recording says how far it is: now and then while it plays, and when it stops.
document.querySelectorAll("[data-player]").forEach((player) => {
  const tell = (now) => player.dispatchEvent(new CustomEvent("at", {
    bubbles: true, detail: { position: Math.floor(player.currentTime), now },
  }));
  player.addEventListener("timeupdate", () => { if (!player.paused) tell(false); });
  ["pause", "ended"].forEach((name) => player.addEventListener(name, () => tell(true)));
});
