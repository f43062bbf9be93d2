// A guided page asks again by itself after an answer: the same POST as its button sends, of which the questions and the
// panel are taken. Without it the button does the same. In a block of its own: the other scripts have names of their own.
"use strict";

{
  const form = document.getElementById("guided");
  const PIECES = ["asked", "panel"];
  let waiting = 0;
  let turn = 0;

  const said = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();

  // The panel tells that what it says is of the answers before.
  function busy(is) {
    const panel = document.getElementById("panel");
    is ? panel.setAttribute("aria-busy", "true") : panel.removeAttribute("aria-busy");
  }

  // What has the focus, in the fresh piece: by its id, else by what it is called.
  function again(at, piece) {
    if (at.id) return document.getElementById(at.id);
    const called = (one) => [one.name, one.value, one.textContent].join("\n");
    return [...document.querySelectorAll(`#${piece} ${at.localName}`)].find((one) => called(one) === called(at));
  }

  function put(page) {
    const at = document.activeElement;
    const chosen = "selectionStart" in at && at.type !== "radio" ? [at.selectionStart, at.selectionEnd] : null;
    const within = PIECES.find((piece) => document.getElementById(piece).contains(at));
    for (const fold of document.querySelectorAll("#asked details[open]")) page.getElementById(fold.id)?.setAttribute("open", "");
    for (const piece of PIECES) {
      const fresh = page.getElementById(piece);
      if (fresh) document.getElementById(piece).replaceWith(document.adoptNode(fresh));
    }
    document.dispatchEvent(new Event("drawn"));
    if (!within) return;
    const same = again(at, within) || document.getElementById(within);  // A question that is asked no more leaves its place.
    if (same === document.activeElement) return;
    same.focus({ preventScroll: true });
    if (chosen && same.setSelectionRange && /^(text|search)$/.test(same.type)) same.setSelectionRange(...chosen);
  }

  // As a program that takes JSON alone: what is half answered is never kept as a press of a button.
  async function ask() {
    const sent = said();
    const mine = turn;
    const answer = await fetch(form.action, {
      method: "POST", body: `${sent}&press=refresh`, headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    }).catch(() => null);
    if (answer?.status === 401) look();  // Locked, or over: of desk.js.
    // Refused: the button of the page shows it. What was typed meanwhile is asked anew.
    const text = answer && !answer.redirected && answer.ok ? await answer.text() : "";
    if (text && said() === sent) put(new DOMParser().parseFromString(text, "text/html"));
    busy(mine !== turn);
  }

  form.addEventListener("change", () => {
    clearTimeout(waiting);
    turn += 1;
    busy(true);
    waiting = setTimeout(ask, 250);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
