// A PDF in the page, drawn by pdf.js: a page is drawn when it comes near, and cleared when it is far away, so that a
// cheap phone can hold it. Only the bytes of those pages are fetched.

const drawn = new WeakMap();

const draw = async (box, pdf) => {
  if (drawn.has(box)) return;
  drawn.set(box, null);
  const page = await pdf.getPage(Number(box.dataset.page));
  const whole = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: (box.clientWidth / whole.width) * Math.min(devicePixelRatio, 2) });
  box.style.aspectRatio = `${whole.width} / ${whole.height}`;
  const canvas = document.createElement("canvas");
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  canvas.setAttribute("aria-hidden", "true");
  await page.render({ canvas, viewport }).promise;
  const words = document.createElement("p");
  words.className = "sr-only";
  words.textContent = (await page.getTextContent()).items.map((item) => item.str).join(" ");
  if (drawn.has(box)) box.replaceChildren(canvas, words);
};

const clear = (box) => {
  drawn.delete(box);
  box.replaceChildren();
};

const watch = (boxes, margin, seen) => {
  const observer = new IntersectionObserver((entries) => entries.forEach(seen), { rootMargin: margin });
  boxes.forEach((box) => observer.observe(box));
};

export const open = async (view) => {
  const { library, worker, file, page, place } = view.dataset;
  const pdfjs = await import(library);
  pdfjs.GlobalWorkerOptions.workerSrc = worker;
  const pdf = await pdfjs.getDocument({
    url: file, disableAutoFetch: true, disableStream: true, useWasm: false, enableXfa: false,
  }).promise;
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const pages = pdf.numPages;
  const boxes = Array.from({ length: pages }, (_, number) => {
    const box = document.createElement("div");
    box.className = "reader-page";
    box.dataset.page = number + 1;
    box.style.aspectRatio = `${first.width} / ${first.height}`;
    return box;
  });
  const line = view.querySelector("p");
  let here = 0;
  const reach = (number) => {
    if (number === here) return;
    here = number;
    line.textContent = place.replace("{page}", number).replace("{pages}", pages);
    view.dispatchEvent(new CustomEvent("at", { bubbles: true, detail: { page: number, now: number === pages } }));
  };
  const end = document.createElement("div");
  end.className = "reader-end";
  view.append(...boxes, end);
  view.hidden = false;
  if (page > 1) boxes[page - 1].scrollIntoView();
  reach(Number(page));
  watch(boxes, "150% 0px", ({ target, isIntersecting }) => (isIntersecting ? draw(target, pdf) : clear(target)));
  watch(boxes, "-50% 0px", ({ target, isIntersecting }) => { if (isIntersecting) reach(Number(target.dataset.page)); });
  watch([end], "0px", ({ isIntersecting }) => { if (isIntersecting) reach(pages); });
};
