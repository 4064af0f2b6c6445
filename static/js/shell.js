/** Keys and small behaviours of every page: "/" finds, Esc leaves, "?" explains, F9 hides, data-key presses. */

const searchBox = () => document.querySelector("[data-search]");
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

/** Whether a one-letter key may act: nobody types, or the empty box that lends its letters has the focus. */
function lettersAreFree(element) {
  return !isTyping(element) || (element.matches("[data-keys-when-empty]") && element.value === "");
}

function toSearch(event) {
  const box = searchBox();
  event.preventDefault();
  if (box) {
    box.focus();
    box.select();
  } else {
    document.querySelector("[data-desk-link]")?.click();
  }
}

function press(event) {
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!target || !target.checkVisibility() || target.closest("[inert]")) return;
  event.preventDefault();
  if (isTyping(target)) target.focus();
  else target.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "F9") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("cover"));
    return;
  }
  const element = event.target instanceof Element ? event.target : document.body;
  if (document.querySelector("dialog[open]") || !lettersAreFree(element)) return;
  if (event.key === "/") toSearch(event);
  else if (event.key === "?") document.getElementById("key-sheet")?.showModal();
  else if (event.key.length === 1) press(event);
});

/** The thumb's way to the search box: on the desk it goes there at once, from elsewhere the link leads there. */
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-look-up]") && searchBox();
  if (!box) return;
  event.preventDefault();
  scrollTo({ top: 0 });
  box.focus();
});

/**
 * A whole page where a part was asked for: the person was signed out or locked meanwhile, and htmx followed the way to
 * the sign-in. It must not be painted into the middle of this page; the page asks again as a whole instead.
 */
document.addEventListener("htmx:beforeSwap", (event) => {
  const isWhole = /^\s*<!doctype html/i.test(event.detail.serverResponse ?? "");
  if (!isWhole || event.detail.target === document.body) return;
  event.detail.shouldSwap = false;
  if (event.detail.xhr.status < 400) location.reload();
});

/** The clock of the venue, turned over each minute. */
const clock = document.querySelector("[data-clock]");
function turnClock() {
  const zone = clock.dataset.clock || undefined;
  clock.textContent = new Date().toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  });
}
if (clock) {
  turnClock();
  setInterval(turnClock, 10_000);
}

/** Selects that act at once (venue, language) do it here; without scripts they have a button beside them. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
