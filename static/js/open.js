// "Buka di sini" opens a PDF in the page. The reader is loaded only now; where it cannot work the link does.
document.querySelectorAll("[data-reader]").forEach((link) => {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    import(link.dataset.reader)
      .then((reader) => reader.open(document.getElementById(link.getAttribute("aria-controls"))))
      .then(() => { link.hidden = true; })
      .catch(() => location.assign(link.href));
  });
});
