// One appointment in the calendar, or a time that is proposed to a client: a link, so that it is reached, named and
// opened like every other.

import type { Calendar } from "@event-calendar/core";
import type { Note, Shown } from "./feed";

// What there is room for: one line, or two, or all of it.
const ONE_LINE_MINUTES = 25;
const TWO_LINES_MINUTES = 45;
const COLOUR = /^#[0-9a-f]{6}$/i;

export function eventContent(event: Calendar.Event, view: string): HTMLElement[] {
  const { shown, note } = event.extendedProps as { shown?: Shown; note?: Note };
  if (note) {
    return [part("span", "event-note", note.words)];
  }
  return shown ? [link(shown, (event.end.getTime() - event.start.getTime()) / 60_000, view)] : [];
}

function link(shown: Shown, minutes: number, view: string): HTMLElement {
  // Time that is held for a colleague's request is there to be seen, and not for this person to open.
  const link = document.createElement(shown.url ? "a" : "span");
  link.className = `event event-${shown.status}`;
  if (link instanceof HTMLAnchorElement) {
    link.href = shown.url;
    link.dataset["panel"] = "";
  }
  link.draggable = false; // the appointment is dragged, not its address
  if (COLOUR.test(shown.colour)) {
    link.style.setProperty("--service", shown.colour);
  }
  const isList = view.startsWith("list");
  const isDay = view === "resourceTimeGridDay";
  if (!isList && view !== "dayGridMonth" && minutes < TWO_LINES_MINUTES) {
    link.classList.add(minutes < ONE_LINE_MINUTES ? "event-short" : "event-brief");
  }

  if (shown.label) {
    link.append(part("span", "event-label", shown.label), " ");
  }
  if (shown.overbooked) {
    link.append(part("span", "event-mark", "Overbooked"), " ");
  }
  const when = part("span", "event-when", "");
  when.append(part("span", "event-time", shown.since));
  when.append(part("span", isList || isDay ? "event-until" : "visually-hidden", ` – ${shown.until}`));
  link.append(part("bdi", "event-name", shown.name), " ", when, " ");
  if (isList) {
    link.append(part("span", "event-service", shown.service), " ");
    link.append(part("span", "event-rest", `${shown.practitioner} · ${shown.location}`));
  } else {
    // A column of their own names the practitioner already.
    link.append(part("span", "event-service", isDay ? shown.service : `${shown.service} · ${shown.practitioner}`));
    link.append(part("span", "visually-hidden", `, ${isDay ? `${shown.practitioner}, ` : ""}${shown.day}, ${shown.location}`));
  }
  if (shown.there) {
    link.append(" ", part("span", "event-there", shown.there));
  }
  link.title = [
    shown.label,
    shown.overbooked ? "Overbooked" : "",
    shown.name,
    shown.service,
    `${shown.since} – ${shown.until}`,
    shown.practitioner,
    shown.location,
  ]
    .filter(Boolean)
    .join(" · ");
  return link;
}

function part(tag: string, name: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}
