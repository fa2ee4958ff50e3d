// Draws the calendar in place of the list that works without scripts. What it does is in its parts.

import { createCalendar } from "@event-calendar/core";
import { appointments } from "./calendar/appointments";
import { creating } from "./calendar/creating";
import { moving } from "./calendar/moving";
import type { Part } from "./calendar/part";
import { plainRoles } from "./calendar/plain_roles";
import { turnPages } from "./calendar/turn_pages";
import { views } from "./calendar/views";

const page = document.getElementById("calendar");
if (page) {
  draw(page, [views(page), appointments(page), turnPages(page), moving(), creating(page)]);
}

function draw(page: HTMLElement, parts: Part[]): void {
  document.getElementById("calendar-list")?.remove();
  plainRoles(page);
  const calendar = createCalendar(
    page,
    parts.flatMap((part) => part.plugins ?? []),
    Object.assign({}, ...parts.map((part) => part.options)),
  );
  for (const part of parts) {
    part.begin?.(calendar);
  }
}
