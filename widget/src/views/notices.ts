/** What is shown when there is nothing to choose from yet, or at all. */

import type { ApiError } from "../api";
import type { Practice } from "../contract";
import { h, type Child } from "../dom";
import { picker as words } from "../strings";

/** Grey shapes where the first step will be. The host page's own link, if there is one, stays usable above them. */
export function loadingView(): HTMLElement {
  const bars = [0, 1, 2].map(() => h("div", { class: "bar" }));
  return h(
    "div",
    { class: "loading" },
    h("slot"),
    h("p", { class: "unseen" }, words.loading),
    h("div", { class: "bars", "aria-hidden": "true" }, h("div", { class: "bar title" }), ...bars),
  );
}

/** Grey shapes where calendar and times will be. */
export function timesLoading(): HTMLElement[] {
  return [
    h("div", { class: "bars", "aria-hidden": "true" }, h("div", { class: "bar title" }), h("div", { class: "bar grid" })),
    h("div", { class: "bars", "aria-hidden": "true" }, ...[1, 2, 3].map(() => h("div", { class: "bar" }))),
  ];
}

/** A failure, with a way on: try again, and the host page's link if there is one. */
export function failureView(error: ApiError, again: () => void): HTMLElement {
  const [title, hint] =
    error.code === "offline"
      ? [words.offline, words.offlineHint]
      : error.status === 404
        ? [words.unknownPractice, words.unknownPracticeHint]
        : error.status === 429
          ? [words.busy, words.busyHint]
          : [words.failed, words.failedHint];
  return h(
    "div",
    { class: "notice", role: "alert", tabindex: "-1" },
    h("h3", {}, title),
    h("p", {}, hint),
    error.status !== 404 && h("button", { type: "button", class: "button", onclick: again }, words.tryAgain),
    h("slot"),
  );
}

/** Phone and email of the practice, as links. */
export function contactLinks(contact: Practice["contact"]): Child[] {
  return [
    contact.phone && h("a", { href: `tel:${contact.phone.replace(/[^+\d]/g, "")}` }, contact.phone),
    contact.email && h("a", { href: `mailto:${contact.email}` }, contact.email),
  ];
}

/** No free time in all the days that can be booked. */
export function nothingFreeView(practice: Practice, choices: boolean): HTMLElement {
  return h(
    "div",
    { class: "notice" },
    h("h3", {}, words.nothingFree),
    choices && h("p", {}, words.nothingFreeOther),
    h("p", {}, words.nothingFreeHint(practice.name)),
    h("p", {}, words.noTimeSuits),
    h("p", { class: "contact" }, ...contactLinks(practice.contact)),
  );
}
