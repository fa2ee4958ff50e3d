/** What is free, by day and by part of the day. Pure: the zone comes with each slot. */

import type { Slot } from "./contract";
import { dayIn, hourIn, offsetMinutes, offsetText, timeText, zoneShort, type Day } from "./dates";

export type Part = "morning" | "afternoon" | "evening";

export function dayOf(slot: Slot): Day {
  return dayIn(new Date(slot.start), slot.timezone);
}

export function byDay(slots: Slot[]): Map<Day, Slot[]> {
  const days = new Map<Day, Slot[]>();
  for (const slot of slots) {
    const day = dayOf(slot);
    const known = days.get(day);
    if (known) known.push(slot);
    else days.set(day, [slot]);
  }
  return days;
}

export function byPart(slots: Slot[]): [Part, Slot[]][] {
  const parts: [Part, Slot[]][] = [
    ["morning", []],
    ["afternoon", []],
    ["evening", []],
  ];
  for (const slot of slots) {
    const hour = hourIn(new Date(slot.start), slot.timezone);
    parts[hour < 12 ? 0 : hour < 17 ? 1 : 2]![1].push(slot);
  }
  return parts.filter(([, list]) => list.length);
}

/** The time of a slot; where the clock is set back and shows a time twice that day, with the zone to tell them apart. */
export function slotText(slot: Slot, sameDay: Slot[], locale: string): string {
  const start = new Date(slot.start);
  const time = timeText(start, slot.timezone, locale);
  const twice = sameDay.some(
    (other) => other.start !== slot.start && timeText(new Date(other.start), other.timezone, locale) === time,
  );
  if (!twice) return time;
  return `${time} ${zoneShort(start, slot.timezone, locale) || offsetText(offsetMinutes(start, slot.timezone))}`;
}

/** The `count` slots closest to an instant, in order of time. */
export function nearest(slots: Slot[], start: string, count: number): Slot[] {
  const wanted = Date.parse(start);
  const distance = (slot: Slot) => Math.abs(Date.parse(slot.start) - wanted);
  return [...slots]
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}
