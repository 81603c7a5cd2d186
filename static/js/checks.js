// A box with data-check-all="name" ticks every box of that name in its form, and shows whether all are ticked.
(() => {
  document.querySelectorAll("[data-check-all]").forEach((all) => {
    const boxes = [...all.form.querySelectorAll(`[name="${all.dataset.checkAll}"]`)];
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.closest("label").hidden = false;
    all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
    all.form.addEventListener("change", show);
    show();
  });
})();
