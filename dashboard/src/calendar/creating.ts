// A click on a free time books it, a range may also be blocked; `c` begins without a time. The pages that these lead to
// have fields for everything, so nothing here is needed.

import { onKey } from "../comfort/keys";
import type { Part } from "./part";
import { day, minutesBetween, wall } from "./wall";

export function creating(page: HTMLElement): Part {
  return {
    options: {
      selectable: true,
      selectMinDistance: 8,
      dateClick: ({ date, allDay, resource }) => {
        const when: Record<string, string> = allDay ? { date: day(date) } : { start: wall(date) };
        location.assign(address("/appointments/new", page, { ...when, practitioner: String(resource?.id ?? "") }));
      },
      select: ({ start, end, allDay, resource }) => {
        choose(page, start, end, allDay, String(resource?.id ?? ""));
      },
    },
    begin(calendar) {
      onKey("c", () => document.getElementById("new-appointment")?.click());
      document.addEventListener("close", () => calendar.unselect(), true);
    },
  };
}

/** What becomes of a range: an appointment, or time off. */
function choose(page: HTMLElement, start: Date, end: Date, allDay: boolean, practitioner: string): void {
  const dialog = document.createElement("dialog");
  dialog.className = "calendar-asks card stack";
  dialog.setAttribute("aria-label", "What should this time be?");
  const words = document.createElement("p");
  words.className = "strong";
  words.textContent = spanned(page, start, end, allDay);
  const minutes = minutesBetween(start, end);
  const row = document.createElement("div");
  row.className = "row";
  if (!allDay) {
    const query = { start: wall(start), minutes: String(minutes), practitioner };
    row.append(link("New appointment", "button button-primary", address("/appointments/new", page, query)));
  }
  const range = { start: wall(start), end: wall(end), practitioner };
  row.append(link("Block time off", "button", address("/time-off", page, range)));
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.className = "button";
  cancel.textContent = "Cancel";
  cancel.addEventListener("click", () => dialog.close());
  row.append(cancel);
  dialog.append(words, row);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function spanned(page: HTMLElement, start: Date, end: Date, allDay: boolean): string {
  const locale = page.dataset["locale"] ?? "en";
  const date: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  if (allDay) {
    return start.toLocaleDateString(locale, date);
  }
  const clock: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  return `${start.toLocaleDateString(locale, date)}, ${start.toLocaleTimeString(locale, clock)} – ${end.toLocaleTimeString(locale, clock)}`;
}

function link(label: string, look: string, href: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.className = look;
  made.href = href;
  made.textContent = label;
  return made;
}

/** An address with what the calendar knows: the view to come back to, and who and where it is filtered by. */
function address(path: string, page: HTMLElement, query: Record<string, string>): string {
  const filter = new URLSearchParams(page.dataset["query"] ?? "");
  const known: Record<string, string> = { view: page.dataset["view"] ?? "" };
  for (const name of ["practitioner", "location", "service"]) {
    known[name] = query[name] || filter.get(name) || "";
  }
  const all = Object.entries({ ...query, ...known }).filter(([, value]) => value);
  return `${path}?${new URLSearchParams(all)}`;
}
