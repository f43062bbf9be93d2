// Finds as one types: the same POST as the button sends, after a pause, of which the results are taken. A page without
// results keeps what it showed; below the field in the head of a page nothing stands then. Enter and the button work as
// without this script.
"use strict";

{
  const box = document.querySelector("input[data-found]");
  const place = document.getElementById(box.dataset.found);
  const said = document.getElementById(`${place.id}-said`);
  const inHead = place.id === "quick-found";
  const atRest = [...place.childNodes];
  const LEAST = 2;
  let pause = 0;
  let asking = null;

  function shows(nodes, words) {
    place.replaceChildren(...nodes);
    if (inHead) place.hidden = !nodes.length;
    said.textContent = words;
    document.dispatchEvent(new Event("drawn"));
  }

  // The page has things of its own under these names.
  function renamed(fresh) {
    for (const name of ["id", "aria-labelledby"]) {
      for (const one of fresh.querySelectorAll(`[${name}]`)) one.setAttribute(name, `quick-${one.getAttribute(name)}`);
    }
    for (const one of fresh.querySelectorAll("[data-key]")) one.removeAttribute("data-key");
    for (const one of fresh.querySelectorAll("kbd")) one.remove();
  }

  async function seek() {
    asking?.abort();
    asking = null;
    const typed = box.value;
    if (typed.trim().length < LEAST) {
      shows(atRest, "");
      return;
    }
    const mine = asking = new AbortController();
    // As a program that takes JSON alone: what is half typed is never kept as a form (a locked screen, a session that is over).
    const headers = { Accept: "application/json" };
    const answer = await fetch("/", { method: "POST", body: new URLSearchParams(new FormData(box.form)), headers, signal: mine.signal })
      .catch(() => null);
    if (!answer || !answer.ok || answer.redirected || box.value !== typed) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("found");
    if (!fresh || mine.signal.aborted || box.value !== typed) return;
    const heads = [...fresh.querySelectorAll("h2")].map((one) => one.textContent.trim().replace(/\s+/g, " "));
    if (inHead) renamed(fresh);
    shows([...document.adoptNode(fresh).childNodes], heads.join(", "));
  }

  box.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(seek, 200);
  });
  box.form.addEventListener("submit", () => clearTimeout(pause));
  if (inHead) {
    const around = box.form.parentElement;
    box.addEventListener("focus", () => { place.hidden = !place.childNodes.length; });
    around.addEventListener("focusout", (event) => { if (!around.contains(event.relatedTarget)) place.hidden = true; });
    place.addEventListener("keydown", (event) => event.code === "Escape" && box.focus());
  }
}
