/** The last screen: *Request received*. It lives in the frame, since it shows the link to change or cancel. */

import type { Booking, Practice, Service } from "../contract";
import { dayIn, dayText, timeText, zoneCity } from "../dates";
import { h, type Child } from "../dom";
import { details as words } from "../strings";

export interface ReceiptModel {
  practice: Practice;
  service: Service;
  booking: Booking;
  email: string;
  locale: string;
  onanother(): void;
}

export function receiptView(model: ReceiptModel): HTMLElement {
  const { practice, service, booking, email, locale, onanother } = model;
  const inFull = (instant: string) => {
    const at = new Date(instant);
    const day = dayIn(at, booking.timezone);
    return words.timeInFull(
      dayText(day, locale, { weekday: "long" }),
      String(Number(day.slice(8))),
      dayText(day, locale, { month: "long" }),
      day.slice(0, 4),
      timeText(at, booking.timezone, locale),
      zoneCity(booking.timezone),
    );
  };
  const practitioner = practice.practitioners.find((one) => one.id === booking.practitioner);
  const place = practice.locations.find((one) => one.id === booking.location);
  return h(
    "div",
    { class: "receipt" },
    h(
      "div",
      { class: "receipt-head" },
      h("span", { class: "mark", "aria-hidden": "true" }),
      h("h1", { tabindex: "-1" }, words.received),
    ),
    h("p", {}, words.receivedHint(practice.name)),
    h(
      "dl",
      {},
      ...row(words.rows.when, h("strong", {}, inFull(booking.start))),
      ...row(words.rows.what, service.name),
      ...(practitioner ? row(words.rows.with, practitioner.name) : []),
      ...row(words.rows.where, [place?.name, place?.address].filter(Boolean).join(", ")),
      ...row(words.rows.reference, h("span", { class: "reference" }, booking.reference)),
    ),
    h(
      "div",
      { class: "actions" },
      h("a", { class: "button main", href: booking.calendar_url }, words.addToCalendar),
      h("a", { class: "button", href: booking.manage_url, target: "_blank", rel: "noopener" }, words.changeOrCancel),
    ),
    h("h2", {}, words.next),
    h(
      "ol",
      { class: "next-steps" },
      h("li", {}, words.nextAnswer(practice.name, inFull(booking.answer_due))),
      h("li", {}, words.nextChange(practice.name)),
      h(
        "li",
        {},
        h(
          "details",
          {},
          h("summary", {}, `${words.wroteTo(email)} · `, h("span", { class: "ask" }, words.notRight)),
          h("p", {}, words.notRightHint(practice.name, booking.reference), ...contact(practice)),
        ),
      ),
    ),
    h("button", { type: "button", class: "text-button another", onclick: onanother }, words.another),
  );
}

function row(name: string, value: Child): HTMLElement[] {
  return [h("dt", {}, name), h("dd", {}, value)];
}

function contact({ contact: { phone, email } }: Practice): Child[] {
  return [
    phone && " ",
    phone && h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone),
    email && " ",
    email && h("a", { href: `mailto:${email}` }, email),
  ];
}
