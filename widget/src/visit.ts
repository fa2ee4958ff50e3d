/** The time of a visit, said so that nobody can be wrong about it. Pure. */

import { dayIn, dayText, offsetMinutes, timeText, zoneCity, type Cities } from "./dates";
import { put } from "./words";

interface Patterns extends Cities {
  timeInFull: string;
  cityTime: string;
}

/**
 * *Tuesday 24 November 2026, 9:00 AM, New York time*. With the visitor's `own` zone, for a call from wherever they are,
 * that one comes first: *…, 3:00 PM, Berlin time (9:00 AM New York time)*.
 */
export function inFull(words: Patterns, locale: string, start: string, zone: string, own: string | null): string {
  const at = new Date(start);
  const first = own && offsetMinutes(at, own) !== offsetMinutes(at, zone) ? own : zone;
  const day = dayIn(at, first);
  const text = put(words.timeInFull, {
    weekday: dayText(day, locale, { weekday: "long" }),
    day: Number(day.slice(8)),
    month: dayText(day, locale, { month: "long" }),
    year: day.slice(0, 4),
    time: timeText(at, first, locale),
    city: zoneCity(first, words),
  });
  if (first === zone) return text;
  const there = dayIn(at, zone) === day ? "" : `${dayText(dayIn(at, zone), locale, { weekday: "short" })} `;
  return `${text} (${there}${put(words.cityTime, { time: timeText(at, zone, locale), city: zoneCity(zone, words) })})`;
}
