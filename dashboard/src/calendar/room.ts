// How much room a week needs: none for a weekend on which nobody works, and enough for what happens side by side.

import type { Calendar } from "@event-calendar/core";
import type { Shown } from "./feed";
import { type Weekday, wanted } from "./wanted";

const LEAST_DAY = 108; // pixels, as the next
const LEAST_EVENT = 62; // the word Tentative, in small print

export function makeRoom(calendar: Calendar, page: HTMLElement, events: Shown[]): void {
  const used = new Set(events.flatMap((one) => [weekday(one.start), weekday(one.end)]));
  const hidden = wanted(page).freeDays.filter((day) => !used.has(day));
  set(calendar, "hiddenDays", hidden);
  set(calendar, "columnWidth", `minmax(${Math.max(LEAST_DAY, mostAtOnce(events) * LEAST_EVENT)}px, 1fr)`);
}

// Setting an option draws the calendar anew, so it is set only when it differs.
function set<Name extends "hiddenDays" | "columnWidth">(
  calendar: Calendar,
  name: Name,
  value: NonNullable<Calendar.Options[Name]>,
): void {
  if (String(calendar.getOption(name) ?? "") !== String(value)) {
    calendar.setOption(name, value);
  }
}

function weekday(wallTime: string): Weekday {
  return new Date(`${wallTime}Z`).getUTCDay() as Weekday;
}

function mostAtOnce(events: Shown[]): number {
  const turns = events.flatMap((one) => [
    { at: one.start, change: 1 },
    { at: one.end, change: -1 },
  ]);
  turns.sort((one, other) => one.at.localeCompare(other.at) || one.change - other.change);
  let now = 0;
  return turns.reduce((most, turn) => Math.max(most, (now += turn.change)), 0);
}
