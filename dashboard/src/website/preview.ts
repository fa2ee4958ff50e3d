// The preview is as wide as a phone or a desktop, and made smaller where there is less room.

/** Where a desktop would be too small to see, in px. */
const NARROW = 420;

export function preview(stage: HTMLElement): void {
  const page = stage.querySelector<HTMLElement>(".preview-page");
  if (!page) {
    return;
  }
  const fit = () => {
    const room = stage.clientWidth;
    const scale = Math.min(1, room / page.offsetWidth);
    stage.style.setProperty("--scale", String(scale));
    // What is scaled down keeps its place in the layout: it would be scrolled to otherwise.
    page.style.marginInlineStart = scale < 1 ? "0" : "";
    page.style.marginInlineEnd = scale < 1 ? `${room - page.offsetWidth}px` : "";
  };
  const phone = document.getElementById("phone");
  if (phone instanceof HTMLInputElement && stage.clientWidth < NARROW) {
    phone.checked = true;
  }
  new ResizeObserver(fit).observe(stage);
  for (const size of document.querySelectorAll("input[name=size]")) {
    size.addEventListener("change", fit);
  }
}
