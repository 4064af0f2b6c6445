/** The lock screen: a letter chooses the next person whose name begins with it; digits go to the PIN. */
const form = document.querySelector("[data-lock]");
const people = [...(form?.querySelectorAll("[name=person]") ?? [])];
const pin = form?.querySelector("[name=pin]");

function choose(letter) {
  const begins = (radio) =>
    radio.parentElement.textContent.trim().toLocaleLowerCase().startsWith(letter.toLocaleLowerCase());
  const at = people.findIndex((radio) => radio.checked);
  const next = [...people.slice(at + 1), ...people.slice(0, at + 1)].find(begins);
  if (next) next.checked = true;
  return Boolean(next);
}

form?.addEventListener("change", (event) => {
  if (event.target.name === "person") pin.focus();
});

document.addEventListener("keydown", (event) => {
  if (!form || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (/\d/.test(event.key)) {
    pin.focus();
  } else if (choose(event.key)) {
    event.preventDefault();
    pin.focus();
  }
});

if (people.some((radio) => radio.checked)) pin?.focus();
