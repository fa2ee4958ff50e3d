// How much room the views need: none for a weekend on which nobody works, enough for what happens side by side, and
// the hours in which anybody works.

import type { Calendar } from "@event-calendar/core";
import type { Feed, Shown } from "./feed";
import { type Weekday, wanted } from "./wanted";

const LEAST_DAY = 108; // pixels, as the next
const LEAST_COLUMN = 136;
const LEAST_COLUMN_ON_PHONE = 98; // three of them side by side
const PHONE = 480;
const LEAST_EVENT = 62; // the word Tentative, in small print
// Of a day on which nobody works.
const USUAL = { opens: 9, closes: 18 };

export function makeRoom(calendar: Calendar, page: HTMLElement, feed: Feed): void {
  const isDay = page.dataset["view"] === "day";
  const used = new Set(feed.events.flatMap((one) => [weekday(one.start), weekday(one.end)]));
  const hidden = wanted(page).freeDays.filter((day) => !used.has(day));
  set(calendar, "hiddenDays", hidden);
  const side = isDay
    ? Math.max(0, ...feed.columns.map(({ id }) => mostAtOnce(feed.events.filter((one) => one.column === id))))
    : mostAtOnce(feed.events);
  const column = page.clientWidth < PHONE ? LEAST_COLUMN_ON_PHONE : LEAST_COLUMN;
  set(calendar, "columnWidth", `minmax(${Math.max(isDay ? column : LEAST_DAY, side * LEAST_EVENT)}px, 1fr)`);
  if (isDay) {
    set(calendar, "resources", feed.columns);
  }
  set(calendar, "allDaySlot", feed.notes.length > 0);
  const opens = feed.opens ? Number(feed.opens.slice(0, 2)) - 1 : USUAL.opens - 1;
  const closes = feed.closes ? Number(feed.closes.slice(0, 2)) + 2 : USUAL.closes + 1;
  set(calendar, "slotMinTime", hour(Math.max(opens, 0)));
  set(calendar, "slotMaxTime", hour(Math.min(closes, 24)));
}

const already = new Map<string, string>();

/** Setting an option draws the calendar anew, or even asks for everything anew, so it is set only when it differs. */
export function set<Name extends keyof Calendar.Options>(
  calendar: Calendar,
  name: Name,
  value: NonNullable<Calendar.Options[Name]>,
): void {
  const text = JSON.stringify(value);
  if ((already.get(name) ?? JSON.stringify(calendar.getOption(name))) !== text) {
    already.set(name, text);
    calendar.setOption(name, value);
  }
}

function hour(number: number): string {
  return `${String(number).padStart(2, "0")}:00:00`;
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
