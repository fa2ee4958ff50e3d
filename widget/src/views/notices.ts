/** What is shown when there is nothing to choose from yet, or at all. */

import type { ApiError } from "../api";
import { h, type Child } from "../dom";
import type { Env } from "../env";
import { put, type PickerWords } from "../words";

/** Grey shapes, as many as `count`, under one like a heading. */
function bars(count: number, shape = "bar"): HTMLElement {
  const rest = [...Array(count)].map(() => h("div", { class: shape }));
  return h("div", { class: "bars", "aria-hidden": "true" }, h("div", { class: "bar title" }), ...rest);
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

/** A failure, with a way on. */
export function failureView(words: PickerWords, error: ApiError, again: () => void): HTMLElement {
  const { status } = error;
  const [title, hint] =
    words.failures[
      error.code === "offline" ? "offline" : status === 404 ? "unknown" : status === 429 ? "busy" : "failed"
    ];
  return h(
    "div",
    { class: "notice", role: "alert" },
    h("h2", {}, title),
    h("p", {}, hint),
    status !== 404 && h("button", { type: "button", class: "button", onclick: again }, words.tryAgain),
  );
}

/** No free time in all the days that can be booked. */
export function nothingFreeView({ words, practice }: Env, choices: boolean): HTMLElement {
  const { phone, email } = practice.contact;
  const links: Child[] = [
    phone && h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}`, dir: "ltr" }, phone),
    email && h("a", { href: `mailto:${email}` }, email),
  ];
  return h(
    "div",
    { class: "notice" },
    h("h2", {}, words.nothingFree),
    choices && h("p", {}, words.nothingFreeOther),
    h("p", {}, put(words.nothingFreeHint, { practice: practice.name })),
    h("p", { class: "contact" }, ...links),
  );
}
