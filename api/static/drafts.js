// Saves what is typed into a guided page as a draft, a while after the last answer. Without it the button does. In a block
// of its own: the other scripts of the page have names of their own.
"use strict";

{
  const PAUSE = 3000;
  const save = document.querySelector("[data-draft]");
  const form = save.form;
  const said = form.querySelector("[data-draft-said]");
  let waiting = 0;
  let going = null;
  let over = false;

  function later() {
    clearTimeout(waiting);
    if (!over) waiting = setTimeout(keep, PAUSE);
  }

  async function keep() {
    if (going) {
      later();  // One at a time: the next one carries the version that this one gets.
      return;
    }
    going = new AbortController();
    try {
      const answer = await fetch(save.getAttribute("formaction"), {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        signal: going.signal,
      });
      if (answer.status === 401) {
        look();  // Locked: the lock says so, and the next answer saves. Over: what is typed is handed over (desk.js).
        return;
      }
      const told = await answer.json();
      said.textContent = told.said ?? save.dataset.silent;
      if (answer.ok) form.elements.draft_version.value = told.version;
      else over = answer.status === 409;  // Another window, or filed: what to do is the clerk's to say, by the button.
    } catch {
      if (!over) said.textContent = save.dataset.silent;
    } finally {
      going = null;
    }
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // What is filed is no draft any more.
  form.addEventListener("submit", () => {
    over = true;
    clearTimeout(waiting);
    going?.abort();
  });
  window.addEventListener("pageshow", (event) => event.persisted && (over = false));
}
