// Where the focus goes when the panel opens, shows something else, or closes.

/** What asks for it, what was refused or said, the part that was just used, else the heading. */
export function focusFirst(body: HTMLElement, section?: string): void {
  const found =
    body.querySelector<HTMLElement>("[autofocus]:not([popover] *)") ??
    body.querySelector<HTMLElement>("#refused, #said-now, #decided") ??
    (section ? body.querySelector<HTMLElement>(`#${CSS.escape(section)}`) : null) ??
    body.querySelector<HTMLElement>("h1");
  if (!found) {
    return;
  }
  if (found.tabIndex < 0) {
    found.tabIndex = -1;
  }
  found.focus({ preventScroll: Boolean(section) && !found.matches("#refused, [autofocus]") });
}

/** Back to what the panel was opened by; a page that was drawn anew has another link in its place. */
export function focusOpener(address: string): void {
  const path = new URL(address, location.href).pathname;
  const link = document.querySelector<HTMLElement>(`a[data-panel][href="${path}"]`);
  (link ?? document.getElementById("main"))?.focus({ preventScroll: true });
}
