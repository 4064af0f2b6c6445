/**
 * F9 or the lock button hides the screen at once, and keeps it hidden over a reload of this tab.
 * When the house has a lock page (data-lock-url) the cover stands only until that page has taken over.
 */
const cover = document.getElementById("cover");
const KEY = "covered";

function remember(isCovered) {
  try {
    if (isCovered) sessionStorage.setItem(KEY, "1");
    else sessionStorage.removeItem(KEY);
  } catch {
    /* Without storage the cover still hides; it only forgets on reload. */
  }
}

function hide() {
  if (!cover || cover.open) return;
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  cover.showModal();
  const lock = document.getElementById("lock-form");
  if (lock) lock.requestSubmit();
  else remember(true);
}

function wasHidden() {
  try {
    return sessionStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

document.addEventListener("cover", hide);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-cover]")) hide();
});
cover?.addEventListener("cancel", (event) => event.preventDefault());
cover?.addEventListener("close", () => remember(false));
if (wasHidden()) hide();
