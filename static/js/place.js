/**
 * The keyboard keeps its place in a list that fetches itself anew (data-keeps-place): on the same control of the same
 * row; where that row has left its section, of the row that moved up; in an empty section, on the list itself. So it
 * does where the page is loaded anew: by a row whose form is sent, or to take something back, which has the focus then.
 */
const KEPT_AS = "place-in-list";
const LIST = "[data-keeps-place]";
const rowsOf = (section) => [...(section?.querySelectorAll("li[id]") ?? [])];
const titleOf = (section) => section?.getAttribute("aria-labelledby");
const controlsOf = (row) =>
  [...row.querySelectorAll("a[href], button, input:not([type=hidden])")].filter((each) => !each.closest("[popover]"));
const outside = () => [...document.querySelectorAll(`${LIST} :is(.chip, [data-tick-all])`)];

/** Where the focus was last: the section, the order of its rows, which of them, and which of its controls. */
let place = null;
let restores = false;
let changed = "";

document.addEventListener("focusin", (event) => {
  const menu = event.target.closest("[popover]");
  const control = menu ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : event.target;
  const row = control?.closest(`${LIST} li[id]`);
  if (row) {
    const section = row.closest("section");
    const rows = rowsOf(section).map((each) => each.id);
    place = { section: titleOf(section), rows, at: rows.indexOf(row.id), control: controlsOf(row).indexOf(control) };
  } else if (outside().includes(control)) {
    place = { outside: outside().indexOf(control) };
  }
});

/** The row to go on with: the same, the next that is still in its section, or the last before it. */
function rowNow() {
  const section = [...document.querySelectorAll(`${LIST} section, section${LIST}`)].find((each) => titleOf(each) === place.section);
  const here = new Map(rowsOf(section).map((row) => [row.id, row]));
  const order = [...place.rows.slice(place.at), ...place.rows.slice(0, place.at).reverse()];
  return here.get(order.find((id) => here.has(id)));
}

function focusOn(row, control) {
  const controls = row ? controlsOf(row) : [];
  (controls[control] ?? controls[0] ?? document.querySelector(LIST))?.focus();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.detail.target;
  if (!list?.matches?.(LIST)) return;
  const at = document.activeElement;
  const isAsked = event.detail.requestConfig.triggeringEvent?.type === "follow-ups-changed";
  if (isAsked) changed = place?.rows?.[place.at] ?? "";
  /* What comes by itself takes the focus from nobody. */
  restores = list.contains(at) || (isAsked && (!at || at === document.body));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!restores || !event.detail.target?.matches?.(LIST)) return;
  restores = false;
  if (place?.outside !== undefined) outside()[place.outside]?.focus();
  else focusOn(place && rowNow(), place?.control);
});

function keep(kept) {
  sessionStorage.setItem(KEPT_AS, JSON.stringify({ path: location.pathname, ...kept }));
}

/* In the capture phase: the button takes its toast away. */
document.addEventListener(
  "click",
  (event) => {
    if (changed && event.target.closest?.("[data-undo]")) keep({ row: changed, control: place?.control });
  },
  true,
);
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && place?.rows && event.target.closest(`${LIST} li[id]`)) keep({ place });
});

const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null");
sessionStorage.removeItem(KEPT_AS);
if (kept?.path === location.pathname) {
  place = kept.place ?? null;
  focusOn(place ? rowNow() : document.getElementById(kept.row), place?.control ?? kept.control);
}
