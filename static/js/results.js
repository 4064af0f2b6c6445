/**
 * The look-up list under a [data-search] box: Up and Down choose, Enter opens, 1–9 open when the box is not typed in,
 * Esc clears. The box keeps the focus; the choice is told by aria-activedescendant.
 */
const box = document.querySelector("[data-search]");
const list = () => box && document.getElementById(box.getAttribute("aria-controls"));
const options = () => [...(list()?.querySelectorAll('[role="option"]') ?? [])];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

function move(step) {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  choose(all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
}

function onBoxKey(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const option = chosen() ?? options()[0];
    if (!option) return;
    event.preventDefault();
    option.click();
  } else if (event.key === "Escape" && box.value) {
    event.preventDefault();
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

box?.addEventListener("keydown", onBoxKey);
document.addEventListener("keydown", (event) => {
  if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input, textarea, select") || document.querySelector("dialog[open]")) return;
  options()[Number(event.key) - 1]?.click();
});
document.addEventListener("htmx:afterSwap", () => {
  if (!box) return;
  box.setAttribute("aria-expanded", String(options().length > 0));
  if (!chosen()) box.removeAttribute("aria-activedescendant");
});
document.addEventListener("click", (event) => {
  const option = event.target.closest?.('[role="option"]');
  if (option && list()?.contains(option)) choose(option);
});
