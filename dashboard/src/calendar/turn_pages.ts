// The bar above the calendar is made of links. Following them here changes the address and the view, not the page.

import type { Calendar } from "@event-calendar/core";
import type { Part } from "./part";
import { set } from "./room";
import { tell } from "./telling";
import { PHONE, wanted } from "./wanted";

const TURNS = "#calendar-bar a[href^='/calendar']:not(#print), .calendar-more";

/** What becomes of the browser's history: a new entry, another address for this one, or nothing, where it led here. */
type Turn = "push" | "replace" | "stay";

export function turnPages(target: HTMLElement): Part {
  return { begin: (calendar) => listen(target, calendar) };
}

function listen(target: HTMLElement, calendar: Calendar): void {
  let asked = 0;
  // The running number of what is shown: each entry of the browser's history keeps its own.
  let shown = entryNumber() ?? 0;
  let takeBack = (): void => undefined;
  const follow = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>(TURNS) : null;
    if (link?.href && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation(); // a day of the month would open, too
      turn(link.href, "push");
    }
  };
  document.addEventListener("click", follow, true);
  document.addEventListener("change", (event) => {
    const select = event.target;
    if (select instanceof HTMLSelectElement && select.form?.id === "calendar-filter") {
      const chosen = [...new FormData(select.form)].map(([name, value]) => [name, String(value)]);
      const query = new URLSearchParams(chosen.filter(([, value]) => value));
      turn(`${location.pathname}?${query}`, "push");
    }
  });
  window.history.replaceState({ ...window.history.state, turn: shown }, "");
  window.addEventListener("popstate", () => {
    if (entryNumber() !== shown) {
      turn(location.href, "stay");
    }
  });
  if (!target.dataset["chosen"] && matchMedia(PHONE).matches) {
    const query = new URLSearchParams(location.search);
    query.set("view", "day");
    turn(`${location.pathname}?${query}`, "replace");
  }

  /** What can't be fetched leaves everything as it is: the days, the filter, and the address with its place in history. */
  function turn(address: string, history: Turn): void {
    const number = ++asked;
    show(address, history, number).catch(() => {
      if (!isWanted(history, number)) {
        return;
      }
      const away = shown - (entryNumber() ?? shown);
      if (away !== 0) {
        window.history.go(away);
      }
      document.querySelector<HTMLFormElement>("#calendar-filter")?.reset();
      takeBack = tell(`That could not be fetched just now, so this is still ${title()}.`);
    });
  }

  /** Whether nothing else was chosen since, nor gone back to what is still shown. */
  function isWanted(history: Turn, number: number): boolean {
    return number === asked && (history !== "stay" || entryNumber() !== shown);
  }

  async function show(address: string, history: Turn, number: number): Promise<void> {
    const led = entryNumber();
    const response = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!isWanted(history, number)) {
      return;
    }
    if (response.status >= 500) {
      throw new Error(`the calendar answered ${response.status}`);
    }
    const next = page.getElementById("calendar");
    const bar = page.getElementById("calendar-bar");
    if (!response.ok || !next || !bar) {
      location.assign(address);
      return;
    }
    if (history === "stay") {
      shown = led ?? shown;
    } else {
      const entry = entryNumber() ?? shown;
      shown = history === "push" ? entry + 1 : entry;
      window.history[`${history}State`]({ turn: shown }, "", address);
    }
    takeBack();
    const focused = document.activeElement?.id;
    delete target.dataset["filtered"];
    Object.assign(target.dataset, next.dataset);
    const isOpen = document.querySelector<HTMLDetailsElement>("#calendar-filters")?.open;
    document.getElementById("calendar-bar")?.replaceWith(bar);
    bar.querySelector("details")?.toggleAttribute("open", isOpen ?? false);
    document.title = page.title;
    if (focused) {
      document.getElementById(focused)?.focus();
    }
    const { view, date, freeDays } = wanted(target);
    set(calendar, "hiddenDays", freeDays);
    if (calendar.getOption("view") !== view) {
      calendar.setOption("view", view);
    }
    calendar.setOption("date", date);
    calendar.refetchEvents();
  }
}

/** Null for an entry that isn't the calendar's own, such as a place on the page. */
function entryNumber(): number | null {
  return (window.history.state as { turn?: number } | null)?.turn ?? null;
}

function title(): string {
  return document.querySelector(".calendar-title")?.textContent ?? "what it was";
}
