// A guided page asks again by itself after an answer: the same POST as its button sends, of which the questions and the
// panel are taken. Without it the button does the same.
"use strict";

const form = document.getElementById("guided");
const PIECES = ["asked", "panel"];
let waiting = 0;

const said = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();

function put(page) {
  const at = document.activeElement;
  const chosen = at && "selectionStart" in at && at.type !== "radio" ? [at.selectionStart, at.selectionEnd] : null;
  const id = at?.id;
  for (const fold of document.querySelectorAll("#asked details[open]")) page.getElementById(fold.id)?.setAttribute("open", "");
  for (const piece of PIECES) {
    const fresh = page.getElementById(piece);
    if (fresh) document.getElementById(piece).replaceWith(document.adoptNode(fresh));
  }
  const again = id && document.getElementById(id);
  if (!again || again === document.activeElement) return;
  again.focus({ preventScroll: true });
  if (chosen && again.setSelectionRange && /^(text|search)$/.test(again.type)) again.setSelectionRange(...chosen);
}

// As a program that takes JSON alone: what is half answered is never kept as a press of a button.
async function ask() {
  const sent = said();
  const answer = await fetch(form.action, {
    method: "POST", body: `${sent}&press=refresh`, headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
  }).catch(() => null);
  if (answer?.status === 401) look();  // Locked, or over: of desk.js.
  // Refused: the button of the page shows it. What was typed meanwhile is asked anew.
  if (!answer || answer.redirected || !answer.ok) return;
  const text = await answer.text();
  if (said() === sent) put(new DOMParser().parseFromString(text, "text/html"));
}

form.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 250);
});
form.addEventListener("submit", () => clearTimeout(waiting));
