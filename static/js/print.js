// A page asked for on paper opens the browser's own print dialog at once.
if (document.querySelector("[data-print-now]")) {
  window.addEventListener("load", () => window.print(), { once: true });
}
