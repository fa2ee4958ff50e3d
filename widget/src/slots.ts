/** What is free, by day and by part of the day. Pure: the zone in which times are shown is an argument. */

import type { Slot } from "./contract";
import { dayIn, hourIn, type Day } from "./dates";

type Part = "morning" | "afternoon" | "evening";

export function dayOf(slot: Slot, zone: string): Day {
  return dayIn(new Date(slot.start), zone);
}

export function byPart(slots: Slot[], zone: string): [Part, Slot[]][] {
  const parts: [Part, Slot[]][] = [
    ["morning", []],
    ["afternoon", []],
    ["evening", []],
  ];
  for (const slot of slots) {
    const hour = hourIn(new Date(slot.start), zone);
    parts[hour < 12 ? 0 : hour < 17 ? 1 : 2]![1].push(slot);
  }
  return parts.filter(([, list]) => list.length);
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
