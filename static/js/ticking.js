/** Ticking rows to do one thing to all of them: a box for the whole section, and how many are ticked. */

const rowsOf = (section) => [...section.querySelectorAll('.tick input[type="checkbox"]')];

function count() {
  for (const output of document.querySelectorAll("[data-ticked]")) {
    output.value = document.querySelectorAll(".tick input:checked").length;
  }
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-tick-all]")) {
    for (const row of rowsOf(box.closest("section"))) row.checked = box.checked;
  } else if (box.matches(".tick input")) {
    const section = box.closest("section");
    const rows = rowsOf(section);
    const ticked = rows.filter((row) => row.checked).length;
    const all = section.querySelector("[data-tick-all]");
    if (all) {
      all.checked = ticked === rows.length;
      all.indeterminate = ticked > 0 && ticked < rows.length;
    }
  } else return;
  count();
});

// What has just become due comes into the list by itself, but never under the fingers of whoever is ticking.
document.addEventListener("htmx:beforeRequest", (event) => {
  const cause = event.detail.requestConfig.triggeringEvent;
  if (cause?.type === "follow-ups-arrived" && document.querySelector(".tick input:checked")) event.preventDefault();
});
