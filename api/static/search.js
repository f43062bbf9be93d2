// Finds as one types: the same POST as the button sends, after a pause, of which the results are taken. A page without
// results keeps what it showed. Enter and the button work as without this script.
"use strict";

const box = document.getElementById("q");
const place = document.getElementById("found");
const atRest = [...place.childNodes];
const LEAST = 2;
let pause = 0;
let asking = null;

function shows(nodes, words) {
  place.replaceChildren(...nodes);
  document.getElementById("found-said").textContent = words;
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
  shows([...document.adoptNode(fresh).childNodes], heads.join(", "));
}

box.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(seek, 200);
});
box.form.addEventListener("submit", () => clearTimeout(pause));
