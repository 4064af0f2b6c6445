/** Ticking rows to do one thing to all of them: a box for the whole section, and how many are ticked. */

const ARRIVED = "follow-ups-arrived";
const rowsOf = (section) => [...section.querySelectorAll('.tick input[type="checkbox"]')];
const ticked = () => [...document.querySelectorAll(".tick input:checked")];

function count() {
  for (const output of document.querySelectorAll("[data-ticked]")) output.value = ticked().length;
}

/** Have the box of a section say whether all, some or none of its rows are ticked. */
function sumUp(section) {
  const rows = rowsOf(section);
  const marked = rows.filter((row) => row.checked).length;
  const all = section.querySelector("[data-tick-all]");
  if (!all) return;
  all.checked = marked === rows.length;
  all.indeterminate = marked > 0 && marked < rows.length;
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-tick-all]")) {
    for (const row of rowsOf(box.closest("section"))) row.checked = box.checked;
  } else if (box.matches(".tick input")) sumUp(box.closest("section"));
  else return;
  count();
});

/* Enter in a field of the bar presses the button beside it, and not the first of the bar. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.(".bulk-choices input")) return;
  event.preventDefault();
  event.target.closest(".bulk-choices").querySelector("button")?.click();
});

/**
 * What has just become due comes into the list by itself, but never under the fingers of whoever is ticking, has a menu
 * open or fills in a dialog: it comes when they are done.
 */
let isHeld = false;
const isBusy = () => ticked().length > 0 || document.querySelector("main .menu:popover-open, dialog[open]") !== null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.triggeringEvent?.type !== ARRIVED || !isBusy()) return;
  event.preventDefault();
  isHeld = true;
});
for (const name of ["change", "toggle", "close"]) {
  document.addEventListener(
    name,
    () => {
      if (!isHeld || isBusy()) return;
      isHeld = false;
      document.body.dispatchEvent(new CustomEvent(ARRIVED));
    },
    true,
  );
}

/* One row seen to by itself leaves the ticks on the others; what was done to all that are ticked takes them away. */
let keeps = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "follow-ups") return;
  const isBulk = event.detail.requestConfig.triggeringEvent?.target?.id === "bulk";
  keeps = isBulk ? [] : ticked().map((box) => box.value);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "follow-ups" || !keeps.length) return;
  for (const box of document.querySelectorAll(".tick input")) box.checked = keeps.includes(box.value);
  for (const section of document.querySelectorAll("#follow-ups > section")) sumUp(section);
  keeps = [];
  count();
});
