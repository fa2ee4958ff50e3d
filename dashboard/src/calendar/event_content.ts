// One appointment in the calendar: a link, so that it is reached, named and opened like every other.

import type { Calendar } from "@event-calendar/core";
import type { Shown } from "./feed";

// What there is room for: one line, or two, or all of it.
const ONE_LINE_MINUTES = 25;
const TWO_LINES_MINUTES = 45;
const COLOUR = /^#[0-9a-f]{6}$/i;

export function eventContent(event: Calendar.Event, view: string): HTMLElement {
  const shown = event.extendedProps["shown"] as Shown;
  const link = document.createElement("a");
  link.className = `event event-${shown.status}`;
  link.href = shown.url;
  link.dataset["panel"] = "";
  if (COLOUR.test(shown.colour)) {
    link.style.setProperty("--service", shown.colour);
  }
  const minutes = (event.end.getTime() - event.start.getTime()) / 60_000;
  if (view.startsWith("timeGrid") && minutes < TWO_LINES_MINUTES) {
    link.classList.add(minutes < ONE_LINE_MINUTES ? "event-short" : "event-brief");
  }

  if (shown.label) {
    link.append(part("span", "event-label", shown.label), " ");
  }
  const wide = view.startsWith("list") || view === "timeGridDay";
  link.append(part("bdi", "event-name", shown.name), " ", part("span", "event-time", shown.since));
  link.append(part("span", wide ? "event-until" : "visually-hidden", ` – ${shown.until}`), " ");
  if (view.startsWith("list")) {
    link.append(part("span", "event-service", shown.service), " ");
    link.append(part("span", "event-rest", `${shown.practitioner} · ${shown.location}`));
  } else {
    link.append(part("span", "event-service", `${shown.service} · ${shown.practitioner}`));
    link.append(part("span", "visually-hidden", `, ${shown.day}, ${shown.location}`));
  }
  if (shown.there) {
    link.append(" ", part("span", "event-there", shown.there));
  }
  link.title = [shown.label, shown.name, shown.service, `${shown.since} – ${shown.until}`, shown.practitioner, shown.location]
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
