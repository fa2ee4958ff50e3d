/** From what was typed to what is sent, and what is still missing. Pure. */

import type { Asks, Chosen, Question } from "../contract";
import type { Day } from "../dates";
import { languageOf, type DetailsWords } from "../words";
import type { Values } from "./draft";
import { isAddress } from "./email";

/** The body of `POST …/bookings`. */
interface BookingRequest {
  service: string;
  start: string;
  location: string;
  practitioner?: string;
  hold?: string;
  client: { first_name: string; last_name: string; email: string; phone?: string; birth_date?: string };
  returning?: string;
  booked_by?: { first_name: string; last_name: string; relationship: string };
  answers?: Record<string, string | boolean>;
  note?: string;
  consent: boolean;
  lang: string;
  timezone?: string;
  /** The website on which the widget stands. */
  site?: string;
}

/** What some browsers say where they don't know it. */
const NO_ZONE = "Etc/Unknown";

/** Reasons by the server's own name of each field, in the order of the form. */
export type Problems = Record<string, string>;

function typed(values: Values, name: string): string {
  return (values[name] ?? "").trim();
}

function forSomeoneElse(values: Values): boolean {
  return values["who"] === "other";
}

/** `1986-11-24`; empty if nothing was typed, null if it is no date, or one after `latest`. */
export function birthDate(values: Values, latest: Day): string | null {
  const parts = ["year", "month", "day"].map((part) => typed(values, `birth_${part}`));
  if (parts.every((part) => !part)) return "";
  if (!parts.every((part) => /^\d+$/.test(part)) || parts[0]!.length !== 4) return null;
  const [year, month, day] = parts.map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1880;
  const written = date.toISOString().slice(0, 10);
  return real && written <= latest ? written : null;
}

/** The day of the visit is the latest to be born on: what day it is today, the visitor's clock may not know. */
const visitDay = ({ start }: Chosen): Day => start.slice(0, 10);

export function problemsOf(
  { needed }: DetailsWords,
  values: Values,
  chosen: Chosen,
  questions: Question[],
  asks: Asks | undefined,
): Problems {
  const found: Problems = {};
  const need = (field: string, reason: string, good = !!typed(values, field)) => {
    if (!good) found[field] = reason;
  };
  need("client.first_name", needed.first_name);
  need("client.last_name", needed.last_name);
  if (forSomeoneElse(values)) {
    need("booked_by.first_name", needed.own_first_name);
    need("booked_by.last_name", needed.own_last_name);
    need("booked_by.relationship", needed.relationship);
  }
  need("client.email", needed.email, isAddress(typed(values, "client.email")));
  const digits = typed(values, "client.phone").match(/\d/g) ?? [];
  need("client.phone", needed.phone, digits.length >= 6 || (asks?.phone !== "required" && !typed(values, "client.phone")));
  const birth = birthDate(values, visitDay(chosen));
  need("client.birth_date", needed.birth_date, !!birth || (asks?.birth_date !== "required" && birth === ""));
  if (asks?.returning === "required") need("returning", needed.answer);
  if (asks?.note === "required") need("note", needed.answer);
  for (const question of questions) if (question.required) need(`answers.${question.id}`, needed.answer);
  need("consent", needed.consent);
  return found;
}

/** The server's own reasons, which are in English, in the words that the form has for the same field. */
export function inReadersWords({ needed }: DetailsWords, fields: Problems, locale: string): Problems {
  if (languageOf(locale) === "en") return fields;
  const known: Problems = needed;
  const reason = (field: string) => {
    const [of, name = of] = field.split(".") as [string, string?];
    return (of === "booked_by" && known[`own_${name}`]) || (of !== "answers" && known[name]) || needed.answer;
  };
  return Object.fromEntries(Object.keys(fields).map((field) => [field, reason(field)]));
}

export function requestOf(
  values: Values,
  chosen: Chosen,
  questions: Question[],
  zone: string,
  site: string,
): BookingRequest {
  const birth = birthDate(values, visitDay(chosen));
  const note = typed(values, "note");
  const phone = typed(values, "client.phone");
  const answers: Record<string, string | boolean> = {};
  for (const { id, kind } of questions) {
    const answer = typed(values, `answers.${id}`);
    if (answer) answers[id] = kind === "yes_no" ? answer === "yes" : answer;
  }
  return {
    service: chosen.service,
    start: chosen.start,
    location: chosen.location,
    ...(chosen.practitioner ? { practitioner: chosen.practitioner } : {}),
    ...(chosen.hold ? { hold: chosen.hold } : {}),
    client: {
      first_name: typed(values, "client.first_name"),
      last_name: typed(values, "client.last_name"),
      email: typed(values, "client.email"),
      ...(phone ? { phone } : {}),
      ...(birth ? { birth_date: birth } : {}),
    },
    ...(values["returning"] ? { returning: values["returning"] } : {}),
    ...(forSomeoneElse(values)
      ? {
          booked_by: {
            first_name: typed(values, "booked_by.first_name"),
            last_name: typed(values, "booked_by.last_name"),
            relationship: typed(values, "booked_by.relationship"),
          },
        }
      : {}),
    ...(Object.keys(answers).length ? { answers } : {}),
    ...(note ? { note } : {}),
    consent: values["consent"] === "yes",
    lang: chosen.lang,
    ...(zone && zone !== NO_ZONE ? { timezone: zone } : {}),
    ...(/^https?:/.test(site) ? { site } : {}),
  };
}
