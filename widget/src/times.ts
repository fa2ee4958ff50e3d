/** The free times of one choice of service, practitioner and location, fetched in windows of 31 days as they are needed. */

import { getAvailability, type Server, type Wanted } from "./api";
import type { Slot } from "./contract";
import { addDays, daysBetween, type Day } from "./dates";
import { byDay, dayOf } from "./slots";

const WINDOW_DAYS = 31;

export class Times {
  private windows = new Map<number, Promise<void>>();
  private free = new Map<Day, Slot[]>();
  private loaded = new Set<number>();
  /** The first slot after everything that was found empty, as the server said it. */
  next: Slot | null = null;

  /** `today` is a date in the location's zone; nothing is asked before it or after `last`. */
  constructor(
    private readonly server: Server,
    private readonly wanted: Wanted,
    readonly today: Day,
    readonly last: Day,
  ) {}

  /** Fetches what is missing between two days. Throws `ApiError`; a failed window is asked for again next time. */
  async load(first: Day, last: Day): Promise<void> {
    const from = Math.max(0, Math.floor(daysBetween(this.today, first) / WINDOW_DAYS));
    const to = Math.floor(daysBetween(this.today, last < this.last ? last : this.last) / WINDOW_DAYS);
    const wanted: Promise<void>[] = [];
    for (let index = from; index <= to; index++) wanted.push(this.window(index));
    await Promise.all(wanted);
  }

  private window(index: number): Promise<void> {
    let pending = this.windows.get(index);
    if (!pending) {
      pending = this.fetch(index);
      this.windows.set(index, pending);
      pending.catch(() => this.windows.delete(index));
    }
    return pending;
  }

  private async fetch(index: number): Promise<void> {
    const from = addDays(this.today, index * WINDOW_DAYS);
    const answer = await getAvailability(this.server, this.wanted, from, WINDOW_DAYS);
    for (const [day, slots] of byDay(answer.slots)) this.free.set(day, slots);
    this.loaded.add(index);
    if (answer.next_available && (!this.next || answer.next_available.start < this.next.start))
      this.next = answer.next_available;
  }

  known(day: Day): boolean {
    return this.loaded.has(Math.floor(daysBetween(this.today, day) / WINDOW_DAYS));
  }

  on(day: Day): Slot[] {
    return this.free.get(day) ?? [];
  }

  all(): Slot[] {
    return [...this.free.values()].flat();
  }

  /** The first day with a free time, not before `from`: among what is loaded, else what the server named as next. */
  firstFree(from: Day): Day | null {
    const days = [...this.free.keys()].filter((day) => day >= from).sort();
    if (days[0]) return days[0];
    const next = this.next && dayOf(this.next);
    return next && next >= from ? next : null;
  }
}
