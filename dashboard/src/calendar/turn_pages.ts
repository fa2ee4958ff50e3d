// The bar above the calendar is made of links. Following them here changes the address and the view, not the page.

import type { Calendar } from "@event-calendar/core";
import type { Part } from "./part";
import { wanted } from "./wanted";

const PHONE = "(max-width: 640px)";

export function turnPages(target: HTMLElement): Part {
  return { begin: (calendar) => listen(target, calendar) };
}

function listen(target: HTMLElement, calendar: Calendar): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#calendar-bar a") : null;
    if (link && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void show(link.href, "push");
    }
  });
  document.addEventListener("change", (event) => {
    const select = event.target;
    if (select instanceof HTMLSelectElement && select.form?.id === "calendar-filter") {
      const query = new URLSearchParams([...new FormData(select.form)].map(([name, value]) => [name, String(value)]));
      void show(`${location.pathname}?${query}`, "push");
    }
  });
  window.addEventListener("popstate", () => void show(location.href, "stay"));
  if (!target.dataset["chosen"] && matchMedia(PHONE).matches) {
    void show("/calendar?view=day", "replace");
  }

  async function show(address: string, history: "push" | "replace" | "stay"): Promise<void> {
    const response = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("calendar");
    const bar = page.getElementById("calendar-bar");
    if (!response.ok || !next || !bar) {
      location.assign(address);
      return;
    }
    if (history !== "stay") {
      window.history[`${history}State`](null, "", address);
    }
    const focused = document.activeElement?.id;
    const filtered = target.dataset["practitioner"] !== next.dataset["practitioner"];
    Object.assign(target.dataset, next.dataset);
    document.getElementById("calendar-bar")?.replaceWith(bar);
    document.title = page.title;
    if (focused) {
      document.getElementById(focused)?.focus();
    }
    const { view, date, freeDays } = wanted(target);
    calendar.setOption("hiddenDays", freeDays);
    if (calendar.getOption("view") !== view) {
      calendar.setOption("view", view);
    }
    calendar.setOption("date", date);
    if (filtered) {
      calendar.refetchEvents();
    }
  }
}
