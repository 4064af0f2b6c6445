/**
 * Nothing typed is lost by accident: a form with data-guard asks before the page is left with changes in it.
 * An error summary takes the focus, so that the keyboard and the screen reader start where the trouble is.
 */
const before = new WeakMap();
const content = (form) => new URLSearchParams(new FormData(form)).toString();
const guarded = () => [...document.querySelectorAll("form[data-guard]")];

function remember(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    /* A form that came back with errors holds work that is nowhere else. */
    before.set(form, form.querySelector(".error-summary") ? null : content(form));
  }
  root.querySelector(".error-summary")?.focus();
}

const isChanged = (form) => before.has(form) && before.get(form) !== content(form);
let leaving = false;

document.addEventListener("submit", (event) => {
  if (event.target.matches("form") && !event.defaultPrevented) leaving = true;
});
document.addEventListener("htmx:beforeRequest", () => {
  leaving = false;
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && guarded().some(isChanged)) event.preventDefault();
});

remember(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.querySelectorAll) remember(event.detail.elt);
});
