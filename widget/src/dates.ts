/**
 * Days and times as pure values. A `Day` is a calendar date, `2026-11-24`, without zone; an instant is a `Date`.
 * Which day an instant falls on depends on a zone, which is always an argument.
 */

export type Day = string;

const DAY_MS = 86_400_000;

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

function iso(date: Date): Day {
  return date.toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return iso(new Date(utc(day).getTime() + days * DAY_MS));
}

/** The same date `months` later, or the last one of a month that is too short. */
export function addMonths(day: Day, months: number): Day {
  const first = utc(`${day.slice(0, 7)}-01`);
  first.setUTCMonth(first.getUTCMonth() + months + 1, 0);
  const last = iso(first);
  const wanted = last.slice(0, 8) + day.slice(8);
  return wanted < last ? wanted : last;
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / DAY_MS);
}

/** The seven days, Monday first, of the week that `day` is in. */
export function weekOf(day: Day): Day[] {
  const monday = addDays(day, -((utc(day).getUTCDay() + 6) % 7));
  return [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(monday, n));
}

/** The weeks that the month of `day` touches. */
export function weeksOfMonth(day: Day): Day[][] {
  const month = day.slice(0, 7);
  const weeks: Day[][] = [];
  for (let week = weekOf(`${month}-01`); week.some((d) => d.startsWith(month)); week = weekOf(addDays(week[0]!, 7)))
    weeks.push(week);
  return weeks;
}

/** Plain spaces only: some engines put a narrow no-break space before AM and PM, others don't. */
export function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, " ");
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + timeZone + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) formats.set(key, (known = new Intl.DateTimeFormat(locale, { ...options, timeZone })));
  return known;
}

/** The calendar date of an instant in a zone. */
export function dayIn(instant: Date, zone: string): Day {
  const parts = Object.fromEntries(
    format("en", zone, {
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    })
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
}

/** Hour of the wall clock, 0–23. */
export function hourIn(instant: Date, zone: string): number {
  return Number(format("en", zone, { hour: "numeric", hourCycle: "h23" }).format(instant));
}

/** *9:00 AM* */
export function timeText(instant: Date, zone: string, locale: string): string {
  return plain(format(locale, zone, { hour: "numeric", minute: "2-digit" }).format(instant));
}

/** A calendar date in words; `options` say which. */
export function dayText(day: Day, locale: string, options: Intl.DateTimeFormatOptions): string {
  return plain(format(locale, "UTC", options).format(utc(day)));
}

/** *Tuesday, November 24, 2026* */
export function fullDay(day: Day, locale: string): string {
  return dayText(day, locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}

/** *New York*, from *America/New_York*. */
export function zoneCity(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replace(/_/g, " ");
}

/** Minutes that a zone's wall clock is ahead of UTC at an instant. */
export function offsetMinutes(instant: Date, zone: string): number {
  const parts = Object.fromEntries(
    format("en", zone, {
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    })
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  );
  const wall = Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"]);
  return Math.round(wall / 60_000) - Math.floor(instant.getTime() / 60_000);
}

/** *UTC−5*, *UTC+5:30* */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const rest = size % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** *EST*, or nothing where the language has no short name for the zone. */
export function zoneShort(instant: Date, zone: string, locale: string): string {
  const name = format(locale, zone, { timeZoneName: "short" })
    .formatToParts(instant)
    .find((part) => part.type === "timeZoneName")?.value;
  return name && /^[A-Z]{2,5}$/.test(name) && name !== "GMT" && name !== "UTC" ? name : "";
}
