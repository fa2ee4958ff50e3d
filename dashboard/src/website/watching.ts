// The list of websites where the widget was seen, kept fresh while somebody looks.

/** Between two looks, in ms. */
const EVERY = 4000;

export function watching(place: HTMLElement): void {
  const status = document.querySelector<HTMLElement>("[data-seen-status]");
  const look = async () => {
    if (document.hidden || place.contains(document.activeElement)) {
      return true;
    }
    const query = document.querySelector<HTMLInputElement>("input[name=options]")?.value ?? "";
    const response = await fetch(`${place.dataset["seen"]}?${query}`, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) {
      return response.status >= 500;
    }
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body;
    const before = facts(place);
    place.replaceChildren(...fresh.childNodes);
    if (status && facts(place) !== before) {
      status.textContent = facts(place);
    }
    return true;
  };
  const again = () => {
    window.setTimeout(async () => {
      // A server that is away for a moment comes back; a session or a link that has ended doesn't.
      if (await look().catch(() => true)) {
        again();
      }
    }, EVERY);
  };
  again();
}

function facts(place: HTMLElement): string {
  return place.querySelector<HTMLElement>("[data-facts]")?.dataset["facts"] ?? "";
}
