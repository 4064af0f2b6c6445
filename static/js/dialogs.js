/**
 * Dialogs and menus on the browser's own <dialog> and popover.
 *   data-dialog="id"   on a button or link opens that dialog (a link still leads somewhere without scripts)
 *   data-close         inside a dialog closes it
 *   #dialog-body       filled by htmx opens the shared dialog; an empty answer closes it
 */
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
    return;
  }
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog")?.close();
  else if (event.target.matches?.("dialog[data-light]")) event.target.close();
});

const shared = document.getElementById("dialog");
/* A menu that the dialog was opened from is gone when it closes, and the focus goes back to the button of the menu. */
let button = null;
/* The opener may stand inside a part that swaps itself whole, and would hand that habit down. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "dialog-body") event.detail.swapOverride = "innerHTML";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!shared || event.detail.target?.id !== "dialog-body") return;
  const filled = event.detail.target.childElementCount > 0;
  if (filled && !shared.open) {
    const menu = document.activeElement?.closest("[popover]");
    button = menu && document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    shared.showModal();
  }
  if (!filled && shared.open) shared.close();
});
shared?.addEventListener("close", () => {
  document.getElementById("dialog-body").replaceChildren();
  if (button?.isConnected) button.focus();
});

/** Where the browser cannot tie a menu to its button by itself, do it by hand. */
const ties = CSS.supports("position-area", "block-end span-inline-end");
function place(menu) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  const at = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8));
  const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = below ? `${at.bottom}px` : `${Math.max(8, at.top - menu.offsetHeight - 8)}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(".menu[popover]")) return;
    for (const button of document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)) {
      button.setAttribute("aria-expanded", String(event.newState === "open"));
    }
    if (event.newState !== "open") return;
    if (!ties) place(menu);
  },
  true,
);

/** Up and Down walk through a menu. */
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]") ??
    document.querySelector(`.menu:popover-open`);
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = [...menu.querySelectorAll("a[href], button:not(:disabled)")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  event.preventDefault();
  items.at((at + step + (at < 0 && step < 0 ? 1 : 0)) % items.length)?.focus();
});
