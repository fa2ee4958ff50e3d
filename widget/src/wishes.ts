/** What the snippet asks for, as far as the practice has it, and what was chosen in the end. */

import { hostedPage, type Server } from "./api";
import type { Chosen, Look, Practice, Service, Slot } from "./contract";
import { locationsFor, type Choice } from "./env";
import type { Held } from "./held";
import type { Settings } from "./host";

type Wish = Settings["wish"];

/** The services to choose from: the one that is asked for, else all that can be booked. */
export function offered(practice: Practice, wish: Wish): Service[] {
  const bookable = practice.services.filter((service) => locationsFor(practice, service, null).length);
  const wanted = bookable.filter((service) => service.id === wish("service"));
  return wanted.length ? wanted : bookable;
}

/** Practitioner and location to begin with. Null for a service that is given nowhere. */
export function choiceOf(practice: Practice, wish: Wish, service: Service): Choice | null {
  const practitioner = wish("practitioner");
  const able = practitioner && service.practitioners.includes(practitioner) ? practitioner : null;
  const places = locationsFor(practice, service, able);
  const place = places.find((one) => one.id === wish("location")) ?? places[0];
  return place ? { service, practitioner: able, location: place } : null;
}

/** A time that was chosen on another page, and how it is held: `left` is in ms, and 0 if it isn't any more. */
export interface Handed {
  choice: Choice;
  slot: Slot;
  hold: string;
  expires: string;
  left: number;
}

/** What the address that `handOver` made says; null where it says nothing that is known. */
export function handedOver(practice: Practice, wish: Wish): Handed | null {
  const [start, hold, expires, remaining, service] = ["start", "hold", "expires", "left", "service"].map(wish);
  const found = practice.services.find((one) => one.id === service);
  const choice = found && choiceOf(practice, wish, found);
  if (!start || !choice || !Date.parse(start)) return null;
  const { timezone, id } = choice.location;
  const slot = { start, end: start, timezone, location: id, practitioners: [] };
  // Both clocks count seconds, whatever they show.
  const left = hold && expires ? Number(remaining) * 1000 - performance.now() : 0;
  return { choice, slot, hold: hold ?? "", expires: expires ?? "", left };
}

/** What was chosen, as the frame is told. */
export const chosen = ({ service, practitioner, location }: Choice, { start }: Slot, held: Held | null) => ({
  service: service.id,
  practitioner,
  location: location.id,
  start,
  hold: held?.id ?? null,
  expires_at: held?.expiresAt() ?? null,
});

/** The address at which the hosted page goes on with what was chosen. */
export function handOver(server: Server, given: Omit<Chosen, keyof Look | "lang">): string {
  const { service, practitioner, location, start, hold, expires_at } = given;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ service, practitioner, location, start, hold, expires: expires_at }))
    if (value) query.set(name, value);
  return `${hostedPage(server)}?${query}`;
}
