// The bar above the calendar is made of links. Following them here changes the address and the view, not the page.

import type { Calendar } from "@event-calendar/core";
import type { Part } from "./part";
import { set } from "./room";
import { tell } from "./telling";
import { PHONE, wanted } from "./wanted";

const TURNS = "#calendar-bar a[href^='/calendar']:not(#print), .calendar-more";

export function turnPages(target: HTMLElement): Part {
  return { begin: (calendar) => listen(target, calendar) };
}

function listen(target: HTMLElement, calendar: Calendar): void {
  let asked = 0;
  let here = location.href;
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
  window.addEventListener("popstate", () => turn(location.href, "stay"));
  if (!target.dataset["chosen"] && matchMedia(PHONE).matches) {
    const query = new URLSearchParams(location.search);
    query.set("view", "day");
    turn(`${location.pathname}?${query}`, "replace");
  }

  /** Without a connection everything stays as it is: the days, the filter and the address. */
  function turn(address: string, history: "push" | "replace" | "stay"): void {
    const number = ++asked;
    show(address, history, number).catch(() => {
      if (number !== asked) {
        return;
      }
      if (history === "stay") {
        window.history.replaceState(null, "", here);
      }
      document.querySelector<HTMLFormElement>("#calendar-filter")?.reset();
      takeBack = tell(`Without a connection this is still ${document.querySelector(".calendar-title")?.textContent ?? "what it was"}.`);
    });
  }

  async function show(address: string, history: "push" | "replace" | "stay", number: number): Promise<void> {
    const response = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (number !== asked) {
      return; // something else was chosen since
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
    if (history !== "stay") {
      window.history[`${history}State`](null, "", address);
    }
    here = address;
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
