/**
 * F9 or the lock button hides the screen at once; the lock page takes over as soon as the house has answered.
 * Should the house not answer, the cover stays: what was on the screen is not for whoever leans over the counter.
 */
const cover = document.getElementById("cover");
const form = document.getElementById("lock-form");

function hide() {
  if (!cover || cover.open) return;
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  cover.showModal();
}

document.addEventListener("cover", () => {
  hide();
  form?.requestSubmit();
});
form?.addEventListener("submit", hide);
cover?.addEventListener("cancel", (event) => event.preventDefault());
/* A browser lets a second Esc through all the same. */
cover?.addEventListener("close", () => cover.showModal());
