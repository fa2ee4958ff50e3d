/**
 * The free times of one choice of service, practitioner and location, fetched in windows of 31 days as they are needed.
 * What day it is comes from the server: the visitor's clock may be wrong.
 */

import { getAvailability, type Server, type Wanted } from "./api";
import type { Slot } from "./contract";
import { addDays, daysBetween, type Day } from "./dates";
import { dayOf } from "./slots";

const WINDOW_DAYS = 31;

export interface Times {
  /** The first and last day to show; known once `open` has come back. */
  today(): Day;
  last(): Day;
  /** Fetches the first window, which tells what day it is. Throws `ApiError`. */
  open(): Promise<void>;
  /** Fetches what is missing between two days. Throws `ApiError`; what failed is asked for again next time. */
  load(first: Day, last: Day): Promise<void>;
  known(day: Day): boolean;
  on(day: Day): Slot[];
  all(): Slot[];
  /** The first day with a free time, not before `from`: among what is loaded, else what the server named as next. */
  firstFree(from: Day): Day | null;
}

/**
 * `horizon`: days that can be booked ahead. `zone`: in which a time belongs to a day. The server counts days `there`, so
 * where the two differ, a day may have times of the one before or after.
 */
export function timesOf(server: Server, wanted: Wanted, horizon: number, zone: string, there: string): Times {
  const windows = new Map<number, Promise<void>>();
  const loaded = new Set<number>();
  const free = new Map<Day, Slot[]>();
  const margin = zone === there ? 0 : 1;
  let today: Day = "";
  let next: Day | null = null;
  const last = () => addDays(today, horizon);
  const windowOf = (day: Day) =>
    Math.floor(daysBetween(today, day < today ? today : day > last() ? last() : day) / WINDOW_DAYS);

  async function fetchWindow(index: number): Promise<void> {
    const from = index ? addDays(today, index * WINDOW_DAYS) : null;
    const answer = await getAvailability(server, wanted, from, WINDOW_DAYS);
    if (!index) today = answer.from;
    for (const slot of answer.slots) {
      const day = dayOf(slot, zone);
      const slots = free.get(day);
      if (!slots) free.set(day, [slot]);
      else slots.splice(slots[0]!.start > slot.start ? 0 : slots.length, 0, slot);
    }
    loaded.add(index);
    const later = answer.next_available && dayOf(answer.next_available, zone);
    if (later && (!next || later < next)) next = later;
  }

  function need(index: number): Promise<void> {
    let pending = windows.get(index);
    if (!pending) {
      pending = fetchWindow(index);
      windows.set(index, pending);
      pending.catch(() => windows.delete(index));
    }
    return pending;
  }

  const days = () => [...free.keys()].sort();
  return {
    today: () => {
      const [first] = days();
      return first && first < today ? first : today;
    },
    last,
    open: () => need(0),
    async load(from, to) {
      await need(0);
      const wanted: Promise<void>[] = [];
      const end = windowOf(addDays(to, margin));
      for (let index = windowOf(addDays(from, -margin)); index <= end; index++) wanted.push(need(index));
      await Promise.all(wanted);
    },
    known: (day) => [-margin, margin].every((by) => loaded.has(windowOf(addDays(day, by)))),
    on: (day) => free.get(day) ?? [],
    all: () => ([] as Slot[]).concat(...free.values()),
    firstFree: (from) => days().find((day) => day >= from) ?? (next && next >= from ? next : null),
  };
}
