/** What every view of one widget shares. */

import { ApiError, type Server, type Wanted } from "./api";
import type { Location, Practice, Practitioner, Service, Slot } from "./contract";
import { addDays, dayIn, dayText, offsetMinutes, offsetText, timeText, zoneCity, zoneShort } from "./dates";
import type { Host } from "./host";
import { picker as words } from "./strings";
import { timesOf, type Times } from "./times";

export interface Env {
  server: Server;
  practice: Practice;
  locale: string;
  /** The visitor's own zone. */
  zone: string;
  /** Whether there is only room for one column. */
  narrow: boolean;
  announce: Host["announce"];
  emit: Host["emit"];
}

/** What was chosen so far; without a practitioner any may do it. */
export interface Choice {
  service: Service;
  practitioner: string | null;
  location: Location;
}

/** The choice as the server wants it. */
export function wantedOf(choice: Choice): Wanted {
  return { service: choice.service.id, practitioner: choice.practitioner, location: choice.location.id };
}

/** The free times from today in `zone` to the last day that can be booked; none are fetched yet. */
export function timesFor(env: Env, wanted: Wanted, zone: string): Times {
  const today = dayIn(new Date(), zone);
  return timesOf(env.server, wanted, today, addDays(today, env.practice.policies.horizon_days));
}

export function practitionersFor(practice: Practice, service: Service, location: string | null): Practitioner[] {
  return practice.practitioners.filter(
    (one) => service.practitioners.includes(one.id) && (!location || one.locations.includes(location)),
  );
}

export function locationsFor(practice: Practice, service: Service, practitioner: string | null): Location[] {
  return practice.locations.filter(
    (place) =>
      service.locations.includes(place.id) &&
      practitionersFor(practice, service, place.id).some((one) => !practitioner || one.id === practitioner),
  );
}

/** *60 min · $120* */
export function factsOf(service: Service): string {
  return [words.minutes(service.minutes), service.price].filter(Boolean).join(" · ");
}

/** Whatever went wrong, as the one kind of error that views can show. */
export function failureOf(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError("error", 0, "", {}, []);
}

/** *First visit · 60 min · with Ana Ruiz · Main Street* */
export function choiceText(env: Env, choice: Choice, practitioner: string | null): string {
  const name = env.practice.practitioners.find((one) => one.id === practitioner)?.name;
  return [
    choice.service.name,
    words.minutes(choice.service.minutes),
    name && words.withName(name),
    choice.location.name,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** *Tuesday 24 November 2026, 9:00 AM, New York time* */
export function slotInFull(env: Env, slot: Slot): string {
  const start = new Date(slot.start);
  const day = dayIn(start, slot.timezone);
  return words.timeInFull(
    dayText(day, env.locale, { weekday: "long" }),
    String(Number(day.slice(8))),
    dayText(day, env.locale, { month: "long" }),
    day.slice(0, 4),
    timeText(start, slot.timezone, env.locale),
    zoneCity(slot.timezone),
  );
}

/** *Times are in New York time (EST, UTC−5).* */
export function zoneText(env: Env, zone: string, at: Date): string {
  const names = [zoneShort(at, zone, env.locale), offsetText(offsetMinutes(at, zone))].filter(Boolean).join(", ");
  return words.zone(zoneCity(zone), names);
}
