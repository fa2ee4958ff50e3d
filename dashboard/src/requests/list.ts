// The list of requests: it follows what happens elsewhere without moving what is selected or ticked.

const SHOWN = "[data-requests]";

export function links(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>(`${SHOWN} .request-link`)];
}

/** The request that has the focus, anywhere in its row. */
export function selected(): HTMLAnchorElement | undefined {
  return links().find((link) => link.closest("li")?.contains(document.activeElement));
}

/** Makes another request the selected one: the next, or the one before. */
export function select(step: 1 | -1): void {
  const all = links();
  const at = all.findIndex((link) => link === selected());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

export function keepRequestsFresh(): void {
  let asked = 0;
  if (document.querySelector(SHOWN)) {
    document.addEventListener("pencilin:changed", () => void renew().catch(() => undefined));
  }

  async function renew(): Promise<void> {
    const number = ++asked;
    const response = await fetch("/requests", { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const [shown, next] = [document.querySelector(SHOWN), page.querySelector(SHOWN)];
    if (!response.ok || !shown || !next || number !== asked) {
      return;
    }
    for (const box of shown.querySelectorAll<HTMLInputElement>("[name=chosen]:checked")) {
      next.querySelector(`[name=chosen][value="${box.value}"]`)?.setAttribute("checked", "");
    }
    const was = selected();
    const place = was ? links().indexOf(was) : -1;
    shown.replaceWith(document.importNode(next, true));
    const several = document.querySelector<HTMLElement>("#refusals");
    if (several) {
      several.hidden = !links().length;
    }
    // Decided meanwhile: the one that has taken its place.
    const same = links().find((link) => link.href === was?.href);
    if (was) {
      (same ?? links()[Math.min(place, links().length - 1)])?.focus({ preventScroll: true });
    }
  }
}
