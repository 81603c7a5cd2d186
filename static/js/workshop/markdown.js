// Makes an editor of each [data-markdown]: a toolbar, the server's preview, pictures uploaded into the text.
// Without it there are the plain text and a button that shows the preview on a page of its own.
(() => {
  // [name that EasyMDE knows, key of its word, icon of the sprite, what it does]
  const TOOLS = [
    ["bold", "bold", "bold", EasyMDE.toggleBold],
    ["italic", "italic", "italic", EasyMDE.toggleItalic],
    ["heading-2", "heading", "heading-2", EasyMDE.toggleHeading2],
    ["heading-3", "subheading", "heading-3", EasyMDE.toggleHeading3],
    ["unordered-list", "list", "list", EasyMDE.toggleUnorderedList],
    ["ordered-list", "numbers", "list-ordered", EasyMDE.toggleOrderedList],
    ["quote", "quote", "text-quote", EasyMDE.toggleBlockquote],
    ["link", "link", "link", EasyMDE.drawLink],
    ["picture", "image", "image", (editor) => editor.pick()],
    ["table", "table", "table", EasyMDE.drawTable],
    ["undo", "undo", "undo-2", EasyMDE.undo],
    ["redo", "redo", "redo-2", EasyMDE.redo],
    ["preview", "preview", "eye", EasyMDE.togglePreview],
  ];

  const make = (box) => {
    const area = box.querySelector("textarea");
    if (area.matches(":disabled")) return;
    area.required = false; // the editor hides the box, so the browser could not say what it wants: the server does
    const words = JSON.parse(box.dataset.words);
    const label = box.querySelector("label");
    const token = area.form.elements.csrf_token.value;
    const status = Object.assign(document.createElement("p"), { className: "field-help" });
    status.setAttribute("role", "status");
    box.append(status);

    const preview = async (text, element) => {
      element.tabIndex = 0;
      element.setAttribute("role", "region");
      element.setAttribute("aria-label", words.preview);
      try {
        const answer = await fetch(box.dataset.preview, {
          method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ text }),
        });
        if (!answer.ok) throw new Error(answer.statusText);
        element.innerHTML = await answer.text();
      } catch {
        element.textContent = words.failed;
      }
    };

    const editor = new EasyMDE({
      element: area,
      autoDownloadFontAwesome: false,
      spellChecker: false,
      nativeSpellcheck: true,
      forceSync: true,
      status: false,
      minHeight: `${area.rows * 1.7}em`,
      insertTexts: { link: ["[", "](https://)"] },
      previewClass: "editor-preview",
      previewRender: (text, element) => { preview(text, element); return words.waiting; },
      toolbar: TOOLS.filter(([, word]) => word !== "image" || box.dataset.images).map(([name, word, icon, action]) => ({
        name, action, title: words[word], noDisable: name === "preview",
        icon: `<svg class="icon" width="18" height="18" aria-hidden="true"><use href="${box.dataset.icons}#${icon}"></use></svg>`,
      })),
    });
    const lines = editor.codemirror;
    // Tab leaves the text, as everywhere else: who uses the keyboard alone must get out.
    lines.setOption("extraKeys", { ...lines.getOption("extraKeys"), "Tab": false, "Shift-Tab": false });
    lines.setOption("screenReaderLabel", label.textContent.trim());
    lines.on("change", () => area.dispatchEvent(new Event("input", { bubbles: true })));
    label.addEventListener("click", () => lines.focus());
    area.addEventListener("focus", () => lines.focus());
    if (box.dataset.images) takePictures(box, editor, status, words, token);
    walkToolbar(box.querySelector(".editor-toolbar"), words, lines);
    box.querySelector("[data-nojs]").hidden = true;
  };

  const takePictures = (box, editor, status, words, token) => {
    const lines = editor.codemirror;
    const picker = Object.assign(document.createElement("input"), { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif" });
    const upload = async (file) => {
      const body = new FormData();
      body.append("file", file);
      status.textContent = words.uploading;
      try {
        const answer = await fetch(box.dataset.images, {
          method: "POST", headers: { "Accept": "application/json", "X-CSRFToken": token }, body,
        });
        const told = await answer.json();
        if (answer.ok) lines.replaceSelection(`![${words.caption}](${told.address})\n`);
        status.textContent = answer.ok ? words.uploaded : told.error || words.refused;
      } catch {
        status.textContent = words.refused;
      }
    };
    const take = (event, given) => {
      if (!given || !given.files.length) return;
      event.preventDefault();
      [...given.files].forEach(upload);
    };
    editor.pick = () => picker.click();
    picker.addEventListener("change", async () => {
      if (picker.files.length) await upload(picker.files[0]);
      picker.value = "";
      lines.focus();
    });
    lines.on("paste", (_lines, event) => take(event, event.clipboardData));
    lines.on("drop", (_lines, event) => take(event, event.dataTransfer));
  };

  // One stop for Tab; the arrow keys go from button to button.
  const walkToolbar = (bar, words, lines) => {
    const buttons = [...bar.querySelectorAll("button")];
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", words.toolbar);
    buttons[0].tabIndex = 0;
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = buttons[(to + buttons.length) % buttons.length];
      buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
      next.focus();
    });
    lines.on("cursorActivity", () => buttons.forEach((button) => {
      button.setAttribute("aria-pressed", String(button.classList.contains("active")));
    }));
  };

  document.querySelectorAll("[data-markdown]").forEach(make);
})();
