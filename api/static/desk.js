// Locks the screen where it stands: at the button, after idle minutes, or as another window of this browser was locked. What
// is typed in the page stays, and is neither seen nor printed until the server has taken the PIN.
"use strict";

const sheet = document.getElementById("lock");
const others = new BroadcastChannel("hromada");
const title = document.title;
const idle = Number(sheet.dataset.after) * 1000;
let cover = null;
let locking = null;
let before = null;
let active = Date.now();
let told = Date.now();
const typed = new Set();
let leaving = false;

function send(path, said = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": sheet.dataset.csrf };
  return fetch(path, { method: "POST", headers, body: new URLSearchParams(said) });
}

// What stands typed in the page waits at the server for whoever typed it: kept, and never done. The field of the token stays
// behind, so that no session that still goes on takes it for a press.
async function handOver(form) {
  const said = new URLSearchParams(new FormData(form));
  const headers = { Accept: "text/html", "X-Unsent": said.get("csrf") };
  said.delete("csrf");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", headers, body: said, redirect: "manual" });
  return answer.type === "opaqueredirect";
}

function mayBeKept(form) {
  const isPost = form.isConnected && form.getAttribute("method") === "post" && form.querySelector("[name=csrf]");
  return isPost && form.getAttribute("role") !== "search" && !form.querySelector("[type=password]");
}

async function over() {
  if (leaving) return;
  leaving = true;
  const forms = [...typed].filter(mayBeKept);
  typed.clear();
  document.documentElement.classList.add("locked");
  const waiting = await Promise.allSettled(forms.map(handOver));
  location.replace(waiting.some((one) => one.value) ? "/sign-in?to=/kept" : "/sign-in");
}

function hide() {
  if (cover) return;
  before = document.activeElement;
  cover = sheet.content.firstElementChild.cloneNode(true);
  document.body.append(cover);
  document.documentElement.classList.add("locked");
  document.title = sheet.dataset.title;
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => cover && cover.showModal());
  cover.addEventListener("submit", unlock);
  cover.addEventListener("click", (event) => event.target.dataset.to && turn(event.target.dataset.to));
  cover.showModal();
  cover.querySelector("[type=password]").focus();
}

function show() {
  if (!cover) return;
  cover.remove();
  cover = locking = null;
  active = told = Date.now();
  document.documentElement.classList.remove("locked");
  document.title = title;
  if (before) before.focus();
}

// Between the PIN and the password.
function turn(name) {
  for (const one of cover.querySelectorAll("[data-by]")) one.hidden = one.dataset.by !== name;
  for (const one of cover.querySelectorAll("[data-to]")) one.hidden = one.dataset.to === name;
  cover.querySelector(`[name=${name}]`).focus();
}

function lock() {
  hide();
  others.postMessage("locked");
  locked().catch(() => {});  // The server locks by itself after the same minutes.
}

// The server has locked: before it has, it would take any PIN for the page of somebody who is in.
async function locked() {
  locking ??= send("/lock");
  try {
    await locking;
  } catch (silent) {
    locking = null;
    throw silent;
  }
}

async function unlock(event) {
  const form = event.target;
  if (!form.dataset.by) return;
  event.preventDefault();
  const input = form.querySelector("[type=password]");
  const fault = form.querySelector(".fault");
  fault.textContent = "";
  try {
    await locked().catch(locked);  // A lock that was lost after the PIN was typed is sent again, too.
    const answer = await send("/unlock", { [input.name]: input.value });
    if (answer.ok) {
      others.postMessage("unlocked");
      show();
      return;
    }
    if (answer.status === 401 || answer.status === 403) {
      others.postMessage("over");
      over();
      return;
    }
    fault.textContent = (await answer.json()).fault || sheet.dataset.silent;
  } catch {
    fault.textContent = sheet.dataset.silent;
  }
  input.value = "";
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

// The server sees requests alone: whoever types for long is not idle.
async function busy() {
  active = Date.now();
  if (cover || active - told < Math.min(60000, idle / 3)) return;
  told = active;
  others.postMessage("busy");
  await look();
}

async function look() {
  try {
    const answer = await send("/seen");
    if (answer.status !== 401) return;
    (await answer.json()).type.endsWith("screen-locked") ? hide() : over();
  } catch {
    // The server is silent: the page stays, and says so when it is used.
  }
}

others.addEventListener("message", ({ data }) => {
  if (data === "locked") hide();
  if (data === "unlocked") show();
  if (data === "busy") active = Date.now();
  if (data === "over") over();
  if (data === "gone") location.replace("/");
});
document.addEventListener("input", ({ target }) => target.form && typed.add(target.form));
document.addEventListener("submit", (event) => {
  typed.delete(event.target);
  const path = event.target.getAttribute("action");
  if (path === "/sign-out") others.postMessage("over");
  // The visitor goes: nothing of them stays in another window, either. Once the server has it, this page is left.
  if (path === "/visit" || path === "/visit/end") window.addEventListener("pagehide", () => others.postMessage("gone"), { once: true });
  if (path === "/lock") {
    event.preventDefault();
    lock();
  }
});
for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "input"]) document.addEventListener(kind, busy, { passive: true });
const check = () => !cover && Date.now() - active >= idle && lock();
setInterval(check, 1000);
document.addEventListener("visibilitychange", check);
// A page that the browser kept whole comes back by its arrow: perhaps the session is over.
window.addEventListener("pageshow", (event) => event.persisted && look());
