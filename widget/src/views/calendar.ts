/**
 * The month grid, or the strip of one week where there is little room, with the keyboard of the ARIA grid pattern:
 * one tab stop, arrows by day and week, Home and End in the week, Page Up and Page Down by month.
 */

import { addDays, addMonths, dayText, fullDay, weekOf, weeksOfMonth, type Day } from "../dates";
import { fill, h, uniqueId } from "../dom";
import { directionOf, put, type PickerWords } from "../words";

export interface CalendarModel {
  words: PickerWords;
  locale: string;
  /** The day that weeks begin with: 0 is Sunday. */
  start: number;
  today: Day;
  /** The last day that can be booked. */
  last: Day;
  selected: Day;
  /** Whether there is only room for one week. */
  narrow(): boolean;
  /** Number of free times; null while not known. */
  free(day: Day): number | null;
  onpick(day: Day): void;
  /** Called when other weeks are shown, to load what is needed. */
  onshow(first: Day, last: Day): void;
}

export interface Calendar {
  element: HTMLElement;
  /** Draws everything again; a focus inside stays at its day or button. */
  render(): void;
  select(day: Day): void;
}

/** `ahead` is 1 where later days are to the right, and -1 where they are to the left. */
const KEYS: Record<string, (day: Day, start: number, ahead: number) => Day> = {
  ArrowLeft: (day, _, ahead) => addDays(day, -ahead),
  ArrowRight: (day, _, ahead) => addDays(day, ahead),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  Home: (day, start) => weekOf(day, start)[0]!,
  End: (day, start) => weekOf(day, start)[6]!,
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

export function calendarView(model: CalendarModel): Calendar {
  const { words, locale, start, today, last } = model;
  const element = h("div", { class: "calendar", part: "calendar", onkeydown: onkey });
  const leftwards = directionOf(locale) === "rtl";
  let selected = model.selected;
  /** The day that has the tab stop. */
  let focused = selected;

  const weeks = () => (model.narrow() ? [weekOf(focused, start)] : weeksOfMonth(focused, start));

  function render(): void {
    const active = (element.getRootNode() as Document | ShadowRoot).activeElement;
    const had = active instanceof HTMLElement && element.contains(active) ? active.dataset["at"] : undefined;
    const narrow = model.narrow();
    const title = uniqueId();
    const rows = weeks().map((week) =>
      h(
        "tr",
        {},
        ...week.map((day) => h("td", {}, narrow || day.slice(0, 7) === focused.slice(0, 7) ? dayButton(day) : null)),
      ),
    );
    const head = weekOf(focused, start).map((day) =>
      h(
        "th",
        { scope: "col" },
        h("span", { "aria-hidden": "true" }, dayText(day, locale, { weekday: leftwards ? "narrow" : "short" }).slice(0, 3)),
        h("span", { class: "unseen" }, dayText(day, locale, { weekday: "long" })),
      ),
    );
    fill(
      element,
      h(
        "div",
        { class: "calendar-head" },
        h("h3", { id: title, "aria-live": "polite" }, dayText(focused, locale, { month: "long", year: "numeric" })),
        turn(-1, narrow),
        turn(1, narrow),
      ),
      h(
        "table",
        { role: "grid", "aria-labelledby": title },
        h("thead", {}, h("tr", {}, ...head)),
        h("tbody", {}, ...rows),
      ),
    );
    if (had) element.querySelector<HTMLElement>(had === "day" ? '[tabindex="0"]' : `[data-at="${had}"]`)?.focus();
  }

  function dayButton(day: Day): HTMLElement {
    const free = model.free(day);
    const reason =
      day < today ? words.past : day > last ? put(words.tooFar, { day: fullDay(last, locale) }) : free === 0 ? words.noTimes : null;
    return h(
      "button",
      {
        type: "button",
        class: `day motion${reason === words.noTimes ? " none" : reason || free ? "" : " unknown"}`,
        part: "day",
        "data-at": "day",
        tabindex: day === focused ? "0" : "-1",
        "aria-label": fullDay(day, locale),
        "aria-pressed": String(day === selected),
        "aria-disabled": reason ? "true" : null,
        title: reason,
        "aria-current": day === today ? "date" : null,
        onclick: () => (reason ? show(day) : model.onpick(day)),
      },
      String(Number(day.slice(8))),
    );
  }

  function turn(step: 1 | -1, narrow: boolean): HTMLElement {
    const first = narrow ? weekOf(focused, start)[0]! : `${focused.slice(0, 7)}-01`;
    const beyond = step < 0 ? first <= today : (narrow ? addDays(first, 7) : addMonths(first, 1)) > last;
    return h("button", {
      type: "button",
      class: step < 0 ? "turn back" : "turn",
      "data-at": String(step),
      "aria-label": words[narrow ? "turnWeek" : "turnMonth"][step < 0 ? 0 : 1],
      "aria-disabled": beyond ? "true" : null,
      onclick: () => {
        if (!beyond) show(narrow ? addDays(focused, 7 * step) : addMonths(first, step));
      },
    });
  }

  function onkey(event: KeyboardEvent): void {
    const move = KEYS[event.key];
    if (!move || !(event.target as HTMLElement).matches(".day") || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    show(move(focused, start, leftwards ? -1 : 1));
  }

  /** Moves the tab stop to a day between today and the last one, and shows its month or week. */
  function show(day: Day): void {
    focused = day < today ? today : day > last ? last : day;
    render();
    const shown = weeks();
    model.onshow(shown[0]![0]!, shown[shown.length - 1]![6]!);
  }

  render();
  return {
    element,
    render,
    select(day) {
      selected = day;
      show(day);
    },
  };
}
