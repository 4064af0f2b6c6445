/**
 * The desk beside what results.js does for the list: no older answer over a newer one, no key that opens what was
 * found for other letters, nothing that moves under the pointer, nothing typed that gets lost.
 */
const box = document.querySelector("[data-search]");
const found = document.getElementById("found");
const day = document.getElementById("day");
const card = document.getElementById("card");
const options = () => [...(found?.querySelectorAll('[role="option"]') ?? [])];
const typed = () => box.value.split(/\s+/).filter(Boolean).join(" ");
const shownFor = () => found.querySelector("[data-query]")?.dataset.query ?? "";
const isFresh = () => shownFor() === typed();

/* Answers: only that to the question asked last is painted. */
let asked = 0;
const numbers = new WeakMap();
const isLookUp = (event) => found && event.detail.target === found;
document.addEventListener("htmx:beforeSend", (event) => {
  if (isLookUp(event)) numbers.set(event.detail.xhr, ++asked);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isLookUp(event) && numbers.get(event.detail.xhr) !== asked) event.detail.shouldSwap = false;
});

/* Keys pressed before the answer came wait for it, so that they never act on what was found for other letters. */
let waiting = "";
let paintedAt = -Infinity;
const NOT_AIMED_MS = 300;
function open(number) {
  const option = options()[number - 1];
  if (!option) return;
  /* Just painted, it would still be a plain link, and the click would leave the page and the keys behind. */
  window.htmx?.process(option);
  option.click();
}
function act(key) {
  if (key === "Enter") {
    if (options().length) open(1);
    else found.querySelector("[data-create]")?.focus();
  } else {
    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
}
let saying;
document.addEventListener("htmx:afterSwap", (event) => {
  if (!isLookUp(event)) return;
  paintedAt = performance.now();
  const key = waiting;
  if (isFresh()) waiting = "";
  if (key && isFresh()) act(key);
  clearTimeout(saying);
  /* Said once the typing rests, or a screen reader would speak of every letter. */
  saying = setTimeout(() => {
    document.getElementById("found-said").textContent = found.querySelector("[data-said]")?.dataset.said ?? "";
  }, 500);
});

/** Whoever types again has left the list, and what they pressed before no longer counts. */
function leaveList() {
  waiting = "";
  box.removeAttribute("aria-activedescendant");
  for (const option of options()) option.setAttribute("aria-selected", "false");
  delete found.dataset.aside;
}

function onBoxKey(event) {
  if (event.isComposing) return;
  const number = /^Digit[1-9]$/.test(event.code) ? Number(event.code.at(-1)) : 0;
  /* A number opens a result once an arrow has gone into the list, unless digits are what is looked for. */
  const inList = box.hasAttribute("aria-activedescendant") && !/\d/.test(box.value);
  if (number && (event.altKey || (inList && !event.ctrlKey && !event.metaKey && !event.shiftKey))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isFresh()) open(number);
  } else if (event.key === "Enter" || event.key === "ArrowDown") {
    if (isFresh() && (options().length || event.key !== "Enter" || !typed())) {
      if (event.key === "Enter" && !typed()) event.preventDefault();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isFresh()) act(event.key);
    else waiting = event.key;
  } else if (event.key === "Escape") {
    waiting = "";
  }
}

if (box && found) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target === box && event.isTrusted) onBoxKey(event);
      else if (event.altKey && /^Digit[1-9]$/.test(event.code) && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        open(Number(event.code.at(-1)));
      }
    },
    true,
  );
  for (const name of ["focus", "input"]) box.addEventListener(name, leaveList);
  for (const name of ["sendError", "timeout", "responseError"]) {
    document.addEventListener(`htmx:${name}`, () => {
      waiting = "";
    });
  }
  /* Whoever was quicker than the scripts of the page is answered too. */
  document.addEventListener("DOMContentLoaded", () => {
    if (!isFresh()) window.htmx?.trigger(box, "again");
  });
  /* A click that was aimed at what stood there a moment ago opens nobody. */
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail === 0 || !event.target.closest?.('#found [role="option"]')) return;
      if (performance.now() - paintedAt > NOT_AIMED_MS) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

/* While the next one is being opened, no key may still log for the one before. */
const isOpening = (event) => card && event.detail.target === card;
document.addEventListener("htmx:beforeSend", (event) => {
  if (isOpening(event)) card.inert = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (isOpening(event)) card.inert = false;
});

/* Somebody was opened: their card takes the keys, so that one letter logs; Esc goes back to the box. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (!isOpening(event)) return;
  card.inert = false;
  const opened = card.querySelector("[data-opened]");
  if (!opened) return;
  document.title = `${opened.getAttribute("aria-label")} · Regulars`;
  for (const option of options()) {
    const isOpen = option.dataset.customer === opened.dataset.opened;
    option.classList.toggle("open", isOpen);
  }
  /* On a phone the list makes way for the card until the box is used again. */
  found.dataset.aside = "";
  opened.focus({ preventScroll: true });
  if (matchMedia("(max-width: 56.25rem)").matches) scrollTo({ top: 0 });
});
/* An answer was noted where its button stood: the keys stay at that row. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (document.activeElement !== document.body) return;
  const row = document.getElementById(event.detail.target.id);
  if (!row?.matches(".cue, .safety-band li")) return;
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
});
card?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector(":popover-open, dialog[open]")) return;
  box.focus();
  box.select();
});

/* The lists beside the look-up, each minute, unless somebody is at them or nobody looks. */
const EVERY_MS = 60_000;
const refresh = () => day && window.htmx?.trigger(day, "refresh");
if (day) {
  setInterval(() => {
    if (!document.hidden && !day.matches(":hover, :focus-within")) refresh();
  }, EVERY_MS);
}

/* What is typed in a log box is kept, for this person and this customer, until it is saved. */
const keyOf = (form) => `draft:${form.dataset.draft}`;
const KEPT = /^(summary|kind|channel|items|words|outcome|occurred_at|party_size|companions|amount|discretion|token)$/;
function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => KEPT.test(name));
  const isEmpty = !fields.some(([name, value]) => /^(summary|items|words)$/.test(name) && value);
  if (isEmpty) sessionStorage.removeItem(keyOf(form));
  else sessionStorage.setItem(keyOf(form), JSON.stringify(fields));
}
function restore(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const kept = sessionStorage.getItem(keyOf(form));
    if (!kept || form.querySelector(".error-summary")) continue;
    for (const [name, value] of JSON.parse(kept)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    const beyond = /^(items|words|outcome|occurred_at|party_size|companions|amount)$/;
    const more = form.querySelector("details");
    if (more && JSON.parse(kept).some(([name, value]) => beyond.test(name) && value)) more.open = true;
  }
}
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) keep(form);
});
document.addEventListener("logged", (event) => {
  if (event.target.matches?.("form[data-draft]")) sessionStorage.removeItem(keyOf(event.target));
  refresh();
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.querySelectorAll) restore(event.detail.elt);
});
restore(document);
