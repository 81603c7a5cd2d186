// Sends the file of a [data-upload] in pieces as soon as it is chosen, and says how far it is. A broken connection is waited
// for and gone on from. The form then carries the upload's id; without this script it carries the file itself.
(() => {
  const WAIT = 3000;
  const TRIES = 200;
  const wait = (time) => new Promise((done) => { setTimeout(done, time); });

  const make = (box) => {
    const input = box.querySelector("input[type=file]");
    const form = input.form;
    const done = box.querySelector("input[type=hidden]");
    const status = box.querySelector("[data-state]");
    const bar = box.querySelector("progress");
    const stop = box.querySelector("[data-stop]");
    const words = JSON.parse(box.dataset.words);
    const headers = { "Accept": "application/json", "X-CSRFToken": form.elements.csrf_token.value };
    let current = null;

    const say = (text, wrong = false) => {
      status.textContent = text;
      status.classList.toggle("text-danger", wrong);
    };
    // The browser itself keeps the form back as long as the field says that something is wrong.
    const show = (sending) => {
      bar.hidden = stop.hidden = !sending;
      input.setCustomValidity(sending ? words.unfinished : "");
    };
    const ask = async (address, more) => {
      const answer = await fetch(address, { ...more, headers: { ...headers, ...more.headers } });
      const told = await answer.json();
      if (!answer.ok && answer.status !== 409) throw new Error(told.error || words.refused);
      return told;
    };

    const begin = (file) => ask(box.dataset.upload, {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: file.name, size: file.size, purpose: box.dataset.purpose }),
    });

    const at = (id) => `${box.dataset.upload}/${id}`;
    // What will not be taken any more must not keep its place until the server forgets it.
    const drop = (id) => (id ? ask(at(id), { method: "DELETE" }).catch(() => {}) : null);

    const send = async (file, here) => {
      let { received } = here;
      for (let failures = 0; received < file.size && current === here;) {
        bar.value = received / file.size;
        say(words.sending.replace("{percent}", Math.floor(100 * bar.value)));
        try {
          const body = file.slice(received, received + here.chunk);
          ({ received } = await ask(`${at(here.id)}?mulai=${received}`, { method: "PUT", body, headers: { "Content-Type": "application/octet-stream" } }));
          failures = 0;
        } catch (error) {
          // The server's own words end it; without an answer the connection is gone, for a while.
          if (!(error instanceof TypeError) || ++failures > TRIES) throw error;
          say(words.waiting);
          await wait(WAIT);
        }
      }
    };

    const take = async (file) => {
      const replaced = [current?.id, done.value];
      const here = {};
      current = here;
      done.value = "";
      show(true);
      say(words.sending.replace("{percent}", 0));
      await Promise.all(replaced.map(drop));
      try {
        if (current === here) Object.assign(here, await begin(file));
        if (current === here) await send(file, here);
        else drop(here.id);
        if (current !== here) return;
        done.value = here.id;
        input.value = "";
        say(words.ready.replace("{name}", file.name));
        form.dispatchEvent(new Event("input"));
      } catch (error) {
        drop(here.id);
        if (current !== here) return;
        input.value = "";
        say(error instanceof TypeError ? words.refused : error.message, true);
      }
      current = null;
      show(false);
    };

    const giveUp = () => {
      drop(current?.id);
      current = null;
      input.value = "";
      show(false);
      say(words.stopped);
      input.focus();
    };

    const chosen = () => { if (input.files.length) take(input.files[0]); };
    input.addEventListener("change", chosen);
    stop.addEventListener("click", giveUp);
    window.addEventListener("beforeunload", (event) => { if (current) event.preventDefault(); });
    chosen(); // on a slow line somebody has been faster than this script
  };

  document.querySelectorAll("[data-upload]").forEach(make);
})();
