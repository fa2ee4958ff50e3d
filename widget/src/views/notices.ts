/** What is shown when there is nothing to choose from yet, or at all. */

import type { ApiError } from "../api";
import type { Practice } from "../contract";
import { h } from "../dom";
import type { Env } from "../env";
import { put, type PickerWords } from "../words";

/** Grey shapes, as many as `count`, under the host page's own link or else one like a heading. */
function bars(count: number, shape = "bar"): HTMLElement {
  const rest = [...Array(count)].map(() => h("div", { class: shape }));
  return h("div", { class: "bars" }, h("slot", {}, h("div", { class: "bar title" })), ...rest);
}

/** Before anything is known. */
export function loadingView(words: PickerWords): HTMLElement {
  return h("div", {}, h("p", { class: "unseen" }, words.loading), bars(3, "bar tall"));
}

export function timesLoading(): HTMLElement[] {
  return [bars(1, "bar grid"), bars(3)];
}

export function detailsLoading(words: PickerWords): HTMLElement[] {
  return [h("p", { class: "unseen" }, words.frameLoading), bars(5)];
}

/** A failure, with a way on: again, by the hosted page (the host page's own link, if there is one), or by phone. */
export function failureView(
  words: PickerWords,
  { code, status }: Pick<ApiError, "code" | "status">,
  again?: () => void,
  hosted?: string,
  contact?: Practice["contact"],
): HTMLElement {
  const [title, hint] =
    words.failures[code === "offline" ? "offline" : status === 404 ? "unknown" : status === 429 ? "busy" : "failed"];
  return h(
    "div",
    { class: "notice", role: "alert" },
    h("h2", {}, title),
    h("p", {}, hint),
    status !== 404 && h("button", { type: "button", class: "button", onclick: again }, words.tryAgain),
    h("slot", {}, status !== 404 && hosted && page(hosted, words.openPage)),
    contact && contactView(contact),
  );
}

function page(href: string, label: string): HTMLElement {
  return h("a", { class: "button", href, target: "_blank", rel: "noopener" }, label);
}

function contactView({ phone, email }: Practice["contact"]): HTMLElement {
  return h(
    "p",
    { class: "contact" },
    phone && h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}`, dir: "ltr" }, phone),
    email && h("a", { href: `mailto:${email}` }, email),
  );
}

/** No free time in all the days that can be booked. */
export function nothingFreeView({ words, practice }: Env, choices: boolean): HTMLElement {
  return h(
    "div",
    { class: "notice" },
    h("h2", {}, words.nothingFree),
    choices && h("p", {}, words.nothingFreeOther),
    h("p", {}, put(words.nothingFreeHint, { practice: practice.name })),
    contactView(practice.contact),
  );
}
