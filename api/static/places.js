// Places of a page, so that no control of it is farther than six Tabs from a place that one key reaches: each section has a
// digit, a long one has more of them, 0 is the menu, and arrows lead through a list, a table or a row of buttons, as they do
// through radios. Without this script Tab reaches everything.
"use strict";

{
  const FAR = 6;
  const MOST = 18;  // Digits, and digits with Shift.
  const CONTROLS = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']";
  const LISTS = "nav,ul,ol,dl,table,.acts,[role=group]";
  const FIELDS = "select,textarea,input:not([type=hidden],[type=checkbox],[type=radio])";
  const room = document.getElementById("main");
  const menu = document.querySelector("nav.own a");

  const isReached = (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true });

  // The list that arrows go through from a control. In one that has fields arrows are the fields'.
  function listOf(one) {
    const list = one.matches("a,button,summary,[type=checkbox]") ? one.closest(LISTS) : null;
    return list && !list.querySelector(FIELDS) ? list : null;
  }

  const inList = (list) => [...list.querySelectorAll("a[href],button,summary,[type=checkbox]")]
    .filter((one) => isReached(one) && listOf(one) === list);

  // What Tab stops at once: a list, the radios of a question, or a control by itself.
  const stopOf = (one) => listOf(one) ?? (one.type === "radio" ? `radio ${one.name}` : one);

  function keyOf(name) {
    const kbd = document.createElement("kbd");
    kbd.className = "digit";
    kbd.textContent = name;
    kbd.setAttribute("aria-hidden", "true");
    return kbd;
  }

  function mark(one, head, number) {
    const digit = number > 9 ? number - 9 : number;
    const kbd = keyOf(`${number > 9 ? "⇧" : ""}${digit}`);
    one.dataset.place = `${number > 9 ? "Shift+" : ""}${digit}`;
    const named = head ?? one.closest("fieldset")?.querySelector("legend") ?? one.labels?.[0];
    if (named && !named.classList.contains("hid")) named.append(" ", kbd);
    else if (one.matches("a,button,summary")) one.append(" ", kbd);
    else one.before(kbd, " ");
  }

  function number() {
    for (const one of room.querySelectorAll("kbd.digit")) one.remove();
    for (const one of document.querySelectorAll("[data-place]")) delete one.dataset.place;
    if (menu) menu.dataset.place = "0";
    let count = 0, since = 0, before = null, head = null;
    for (const one of room.querySelectorAll(`h2,${CONTROLS}`)) {
      if (one.matches("h2")) head = one;
      if (one.matches("h2") || !isReached(one)) continue;
      const stop = stopOf(one);
      if (stop === before && !head) continue;
      before = stop;
      since += 1;
      if ((head || since > FAR) && count < MOST) {
        count += 1;
        mark(one, head, count);
        since = 0;
      }
      head = null;
    }
  }

  function go(event) {
    const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/)?.[1];
    const place = digit && document.querySelector(`[data-place="${event.shiftKey ? "Shift+" : ""}${digit}"]`);
    if (!place) return false;
    place.focus();
    return true;
  }

  function move(event) {
    const list = event.target.matches(CONTROLS) && listOf(event.target);
    const all = list ? inList(list) : [];
    const at = all.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.code];
    if (at < 0 || all.length < 2 || to === undefined || event.shiftKey) return false;
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isHeld(event) || isTyping(event) || document.documentElement.classList.contains("locked")) return;
    if ((letters && go(event)) || move(event)) event.preventDefault();
  });
  if (letters) {
    menu?.before(keyOf("0"), " ");
    number();
    document.addEventListener("drawn", number);
    document.addEventListener("toggle", number, true);
  }
}
