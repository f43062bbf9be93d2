// Shortcuts of the desk. They go by the key's place, not its letter, so that they work in the Ukrainian and in the English
// layout alike; which there are stands on the page: data-key names the code, <kbd> on the button shows the letter.
"use strict";

const letters = document.getElementById("lock")?.dataset.letters !== "off";
const main = document.getElementById("main");
const field = () => document.getElementById("q") || document.querySelector(".quick input[name=q]");
const hits = () => [...(document.querySelector("#quick-found:not([hidden])") || document).querySelectorAll("a.hit")];
const isTyping = ({ target }) => /^(input|select|textarea)$/i.test(target.tagName) && !/^(radio|checkbox)$/.test(target.type);
const isHeld = (event) => event.ctrlKey || event.metaKey || event.altKey;

function among(event) {
  const all = hits();
  const to = all.indexOf(event.target) + (event.code === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  (to < 0 ? field() : all[Math.min(to, all.length - 1)]).focus();
}

document.addEventListener("keydown", (event) => {
  if (isHeld(event) || document.documentElement.classList.contains("locked")) return;
  const typing = isTyping(event);
  if (event.code === "Escape" && typing) {
    event.target.blur();  // In a field letters are letters; Esc gives them back to the page.
    return;
  }
  if (/^Arrow(Up|Down)$/.test(event.code) && (event.target === field() || event.target.matches("a.hit")) && hits().length) {
    among(event);
    return;
  }
  if (typing || !letters) return;
  if (event.code === "Slash" && event.shiftKey) {
    event.preventDefault();
    document.querySelector("[data-help]").click();
    return;
  }
  if (event.code === "Slash" && field()) {
    event.preventDefault();
    field().focus();
    field().select();
    return;
  }
  const act = event.shiftKey || event.repeat ? null : document.querySelector(`[data-key="${event.code}"]`);
  if (act) {
    event.preventDefault();
    act.focus();
    act.click();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-print]")) return;
  event.preventDefault();
  window.print();
});

// A page opens with its content in reach. A link to a place on the page, and a field that asks, keep the focus.
if (!document.querySelector("[autofocus]") && !location.hash) main.focus({ preventScroll: true });
