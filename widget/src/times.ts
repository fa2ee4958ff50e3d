/** The free times of one choice of service, practitioner and location, fetched in windows of 31 days as they are needed. */

import { getAvailability, type Server, type Wanted } from "./api";
import type { Slot } from "./contract";
import { addDays, daysBetween, type Day } from "./dates";
import { byDay, dayOf } from "./slots";

const WINDOW_DAYS = 31;

export interface Times {
  today: Day;
  last: Day;
  /** Fetches what is missing between two days. Throws `ApiError`; what failed is asked for again next time. */
  load(first: Day, last: Day): Promise<void>;
  known(day: Day): boolean;
  on(day: Day): Slot[];
  all(): Slot[];
  /** The first day with a free time, not before `from`: among what is loaded, else what the server named as next. */
  firstFree(from: Day): Day | null;
}

/** `today` is a date in the location's zone; nothing is asked before it or after `last`. */
export function timesOf(server: Server, wanted: Wanted, today: Day, last: Day): Times {
  const windows = new Map<number, Promise<void>>();
  const loaded = new Set<number>();
  const free = new Map<Day, Slot[]>();
  let next: Day | null = null;
  const windowOf = (day: Day) =>
    Math.floor(daysBetween(today, day < today ? today : day > last ? last : day) / WINDOW_DAYS);

  async function fetchWindow(index: number): Promise<void> {
    const answer = await getAvailability(server, wanted, addDays(today, index * WINDOW_DAYS), WINDOW_DAYS);
    for (const [day, slots] of byDay(answer.slots)) free.set(day, slots);
    loaded.add(index);
    const later = answer.next_available && dayOf(answer.next_available);
    if (later && (!next || later < next)) next = later;
  }

  return {
    today,
    last,
    async load(from, to) {
      const wanted: Promise<void>[] = [];
      for (let index = windowOf(from); index <= windowOf(to); index++) {
        let pending = windows.get(index);
        if (!pending) {
          pending = fetchWindow(index);
          windows.set(index, pending);
          pending.catch(() => windows.delete(index));
        }
        wanted.push(pending);
      }
      await Promise.all(wanted);
    },
    known: (day) => loaded.has(windowOf(day)),
    on: (day) => free.get(day) ?? [],
    all: () => [...free.values()].flat(),
    firstFree: (from) =>
      [...free.keys()].filter((day) => day >= from).sort()[0] ?? (next && next >= from ? next : null),
  };
}
