/** The last screen: *Request received*. It lives in the frame, since it shows the link to change or cancel. */

import type { Booking, Practice, Service } from "../contract";
import { h, type Child } from "../dom";
import { inFull } from "../visit";
import { put, type DetailsWords } from "../words";
import { correctionView } from "./correction";

export interface ReceiptModel {
  words: DetailsWords;
  practice: Practice;
  service: Service;
  booking: Booking;
  email: string;
  locale: string;
  onanother(): void;
  /** Throws `ApiError`. */
  oncorrect(email: string): Promise<unknown>;
}

export function receiptView(model: ReceiptModel): HTMLElement {
  const { words, practice, service, booking, email, locale, onanother, oncorrect } = model;
  const practitioner = practice.practitioners.find((one) => one.id === booking.practitioner);
  const place = practice.locations.find((one) => one.id === booking.location);
  const own = place?.kind === "place" ? null : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const due = inFull(words, locale, booking.answer_due, booking.timezone, own);
  return h(
    "div",
    { class: "receipt" },
    h(
      "div",
      { class: "receipt-head" },
      h("span", { class: "mark", "aria-hidden": "true" }),
      h("h1", { tabindex: "-1" }, words.received),
    ),
    h("p", {}, put(words.receivedHint, { practice: practice.name })),
    h(
      "dl",
      {},
      ...row(words.rows.when, h("strong", {}, inFull(words, locale, booking.start, booking.timezone, own))),
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
      h("li", {}, put(words.nextAnswer, { practice: practice.name, due })),
      h("li", {}, put(words.nextChange, { practice: practice.name })),
      h(
        "li",
        {},
        correctionView({ words, practice, reference: booking.reference, email, oncorrect }),
      ),
    ),
    h("button", { type: "button", class: "text-button another", onclick: onanother }, words.another),
  );
}

function row(name: string, value: Child): HTMLElement[] {
  return [h("dt", {}, name), h("dd", {}, value)];
}
