// The view and date that the page asks for, in the calendar library's words.

/** Where a month has no room for days that nobody needs. */
export const PHONE = "(max-width: 640px)";

const VIEWS = { day: "resourceTimeGridDay", week: "timeGridWeek", month: "dayGridMonth", list: "listWeek" };

export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface Wanted {
  view: string;
  date: string;
  /** Weekdays, from 0 (Sunday), on which nobody works, and which the view does without. */
  freeDays: Weekday[];
}

export function wanted(page: HTMLElement): Wanted {
  const view = page.dataset["view"] as keyof typeof VIEWS;
  const isWhole = view === "month" && !matchMedia(PHONE).matches;
  const freeDays = (isWhole ? "" : (page.dataset["freeDays"] ?? "")).split(" ").filter(Boolean).map(Number) as Weekday[];
  return { view: VIEWS[view], date: page.dataset["date"] ?? "", freeDays };
}
