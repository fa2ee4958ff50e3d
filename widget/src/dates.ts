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

/** The seven days of the week that `day` is in, from `start` on: 0 is Sunday. */
export function weekOf(day: Day, start: number): Day[] {
  const first = addDays(day, -((utc(day).getUTCDay() + 7 - start) % 7));
  return [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(first, n));
}

// From CLDR's weekData, where the first day isn't Monday.
const SUNDAY = /AG|AS|BD|BR|BS|BT|BW|BZ|CA|CO|DM|DO|ET|GT|GU|HK|HN|ID|IL|IN|JM|JP|KE|KH|KR|LA|MH|MM|MO|MT|MX|MZ|NI|NP|PA|PE|PH|PK|PR|PT|PY|SA|SG|SV|TH|TT|TW|UM|US|VE|VI|WS|YE|ZA|ZW/;
const SATURDAY = /AE|AF|BH|DJ|DZ|EG|IQ|IR|JO|KW|LY|OM|QA|SD|SY/;

/** The day that weeks begin with where a locale is at home, or else in its practice's country: 0 is Sunday. */
export function weekStart(locale: string, practice: { locale: string; country: string }): number {
  const region = locale.slice(3) || (practice.locale.startsWith(locale) ? practice.country : "");
  return SUNDAY.test(region) ? 0 : SATURDAY.test(region) ? 6 : 1;
}

/** The weeks that the month of `day` touches. */
export function weeksOfMonth(day: Day, start: number): Day[][] {
  const month = day.slice(0, 7);
  const weeks: Day[][] = [];
  for (let at = `${month}-01`, week; (week = weekOf(at, start)).some((d) => d.startsWith(month)); at = addDays(week[0]!, 7))
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
  if (!known)
    formats.set(
      key,
      (known = new Intl.DateTimeFormat(locale, { calendar: "gregory", numberingSystem: "latn", ...options, timeZone })),
    );
  return known;
}

const offsets = new Map<string, number>();

/** How far a zone's clock is ahead, in ms, at the start of a day (counted since 1970) in UTC. */
function aheadAt(day: number, zone: string): number {
  const key = zone + day;
  let known = offsets.get(key);
  if (known === undefined) offsets.set(key, (known = exactWall(new Date(day * DAY_MS), zone).getTime() - day * DAY_MS));
  return known;
}

/** What a zone's clock and calendar show at an instant, as if that were UTC. */
function wall(instant: Date, zone: string): Date {
  const time = instant.getTime();
  const day = Math.floor(time / DAY_MS);
  const ahead = aheadAt(day, zone);
  // Asking the engine takes its time, and there are a thousand slots to ask for. Clocks change on few days.
  return ahead === aheadAt(day + 1, zone) ? new Date(time + ahead) : exactWall(instant, zone);
}

function exactWall(instant: Date, zone: string): Date {
  const [month, day, year, hour, minute] = format("en", zone, {
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  })
    .format(instant)
    .match(/\d+/g)!
    .map(Number) as [number, number, number, number, number];
  return new Date(Date.UTC(year, month - 1, day, hour, minute));
}

/** The calendar date of an instant in a zone. */
export function dayIn(instant: Date, zone: string): Day {
  return iso(wall(instant, zone));
}

/** Hour of the wall clock, 0–23. */
export function hourIn(instant: Date, zone: string): number {
  return wall(instant, zone).getUTCHours();
}

/** *9:00 AM*; where the clock is set back and shows a time twice, *1:30 AM EDT*, to tell the two apart. */
export function timeText(instant: Date, zone: string, locale: string): string {
  const text = plain(format(locale, zone, { hour: "numeric", minute: "numeric" }).format(instant));
  const ahead = offsetMinutes(instant, zone);
  const twice = [-60, -30, 30, 60].some(
    (by) => offsetMinutes(new Date(instant.getTime() + by * 60_000), zone) === ahead - by,
  );
  return twice ? `${text} ${zoneShort(instant, zone, locale) || offsetText(ahead)}` : text;
}

/** A calendar date in words; `options` say which. */
export function dayText(day: Day, locale: string, options: Intl.DateTimeFormatOptions): string {
  return plain(format(locale, "UTC", options).format(utc(day)));
}

/** *Tuesday, November 24, 2026* */
export function fullDay(day: Day, locale: string): string {
  return dayText(day, locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}

/** How a language calls the cities that zones are named after, where it isn't that name. */
export interface Cities {
  cities: Record<string, string>;
}

/** *New York*, from *America/New_York*. */
export function zoneCity(zone: string, { cities }: Cities): string {
  const name = zone.replace(/.*\//, "").replace(/_/g, " ");
  return cities[name] || name;
}

/** Minutes that a zone's wall clock is ahead of UTC at an instant. */
export function offsetMinutes(instant: Date, zone: string): number {
  return Math.floor(wall(instant, zone).getTime() / 60_000) - Math.floor(instant.getTime() / 60_000);
}

/** *UTC−5*, *UTC+5:30* */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const rest = size % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** *EST*, or nothing where the language has no short name for the zone. */
export function zoneShort(instant: Date, zone: string, locale: string): string {
  const name = zoneName(instant, zone, locale, "short");
  return /^[A-Z]{2,5}$/.test(name) && name !== "GMT" && name !== "UTC" ? name : "";
}

/** *Eastern Standard Time*, in the language's own words. */
export function zoneName(instant: Date, zone: string, locale: string, timeZoneName: "short" | "long" = "long"): string {
  return (
    format(locale, zone, { timeZoneName })
      .formatToParts(instant)
      .find((part) => part.type === "timeZoneName")?.value ?? ""
  );
}
