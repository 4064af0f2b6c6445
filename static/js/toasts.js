/**
 * Short words about what just happened, in a region that screen readers announce.
 * A response may say one with the header HX-Trigger: {"toast": {"text": …, "tone": "done"|"heed", "undo": url}}.
 * Toasts leave after eight seconds, never while the pointer or the focus is on them.
 */
const region = document.getElementById("toasts");
const pattern = document.getElementById("toast-pattern");
const LASTS_MS = 8000;
const KEPT = 3;

function leaveInTime(toast) {
  let timer;
  const start = () => {
    timer = setTimeout(() => toast.remove(), LASTS_MS);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  start();
}

async function undo(url, toast) {
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
  toast.remove();
  if (answer?.ok) location.reload();
  else say({ text: region.dataset.failed, tone: "heed" });
}

/** Show one toast: {text, tone?, undo?}. */
function say(detail) {
  if (!detail?.text) return;
  const toast = pattern.content.firstElementChild.cloneNode(true);
  const tone = detail.tone === "heed" ? "heed" : "done";
  toast.classList.toggle("heed", tone === "heed");
  toast.querySelector(`[data-tone="${tone === "heed" ? "done" : "heed"}"]`).remove();
  toast.querySelector(".text").textContent = detail.text;
  const button = toast.querySelector("[data-undo]");
  if (detail.undo) button.addEventListener("click", () => undo(detail.undo, toast));
  else button.remove();
  region.append(toast);
  while (region.children.length > KEPT) region.firstElementChild.remove();
  leaveInTime(toast);
}

/** Ctrl+Z takes back what the latest toast tells of, unless it would take back what is being typed. */
function onUndoKey(event) {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === "z";
  const isTyping = event.target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])");
  const button = [...region.querySelectorAll("[data-undo], form button")].at(-1);
  if (!isUndo || !button || (isTyping && event.target.value) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  button.click();
}

if (region && pattern) {
  document.addEventListener("keydown", onUndoKey);
  for (const toast of region.children) leaveInTime(toast);
  document.addEventListener("toast", (event) => say(event.detail));
  document.addEventListener("htmx:sendError", () => say({ text: region.dataset.lost, tone: "heed" }));
  document.addEventListener("htmx:timeout", () => say({ text: region.dataset.slow, tone: "heed" }));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const words = { 403: region.dataset.forbidden, 404: region.dataset.missing };
    say({ text: words[status] || region.dataset.failed, tone: "heed" });
  });
}
