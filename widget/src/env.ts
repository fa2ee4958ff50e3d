/** What every view of one widget shares. */

import { ApiError, type Server, type Wanted } from "./api";
import type { Location, Practice, Practitioner, Service, Slot } from "./contract";
import { offsetMinutes, offsetText, zoneCity, zoneName, zoneShort } from "./dates";
import type { Host } from "./host";
import { timesOf, type Times } from "./times";
import { inFull } from "./visit";
import { put, type PickerWords } from "./words";

export interface Env {
  server: Server;
  practice: Practice;
  words: PickerWords;
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

/** The zone that times are first shown in: a place's own, or the visitor's for a call that they take anywhere. */
export function zoneFor({ zone }: Env, { kind, timezone }: Location): string {
  return kind === "place" ? timezone : zone;
}

/** The free times of a choice; none are fetched yet. */
export function timesFor(env: Env, choice: Choice): Times {
  const { location } = choice;
  const { horizon_days } = env.practice.policies;
  return timesOf(env.server, wantedOf(choice), horizon_days, zoneFor(env, location), location.timezone);
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
export function factsOf({ words }: Env, service: Service): string {
  return [put(words.minutes, { n: service.minutes }), service.price].filter(Boolean).join(" · ");
}

/** Whatever went wrong, as the one kind of error that views can show. */
export function failureOf(error: unknown): ApiError {
  // Not `instanceof`: the widget's second part has a class of its own.
  return (error as ApiError).status === undefined ? new ApiError("error", 0, "", {}, []) : (error as ApiError);
}

/** *First visit · 60 min · with Ana Ruiz · Main Street* */
export function choiceText(env: Env, choice: Choice, practitioner: string | null): string {
  const name = env.practice.practitioners.find((one) => one.id === practitioner)?.name;
  return [
    choice.service.name,
    put(env.words.minutes, { n: choice.service.minutes }),
    name && put(env.words.withName, { name }),
    choice.location.name,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** *Tuesday 24 November 2026, 9:00 AM, New York time* */
export function slotInFull({ words, locale, zone }: Env, choice: Choice, slot: Slot): string {
  return inFull(words, locale, slot.start, slot.timezone, choice.location.kind === "place" ? null : zone);
}

/** *Times are in New York time (EST, UTC−5).* */
export function zoneText({ words, locale }: Env, zone: string, at: Date): string {
  return put(words.zone, {
    city: zoneCity(zone, words),
    name: zoneShort(at, zone, locale) || zoneName(at, zone, locale),
    offset: offsetText(offsetMinutes(at, zone)),
  });
}
