/**
 * The month grid, or the strip of one week where there is little room, with the keyboard of the ARIA grid pattern:
 * one tab stop, arrows by day and week, Home and End in the week, Page Up and Page Down by month.
 */

import { addDays, addMonths, dayText, fullDay, weekOf, weeksOfMonth, type Day } from "../dates";
import { fill, h, uniqueId } from "../dom";
import { picker as words } from "../strings";

export interface CalendarModel {
  locale: string;
  today: Day;
  /** The last day that can be booked. */
  last: Day;
  selected: Day | null;
  /** True for the strip of one week. */
  narrow: boolean;
  /** Number of free times; null while not known. */
  free(day: Day): number | null;
  onpick(day: Day): void;
  /** Called when another day gets the focus or another month is shown, to load what is needed. */
  onshow(first: Day, last: Day): void;
}

const KEYS: Record<string, (day: Day) => Day> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  Home: (day) => weekOf(day)[0]!,
  End: (day) => weekOf(day)[6]!,
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

export class CalendarView {
  readonly element = h("div", { class: "calendar", part: "calendar" });
  /** The day that has the tab stop. */
  focused: Day;
  private buttons = new Map<Day, HTMLButtonElement>();

  constructor(private readonly model: CalendarModel) {
    this.focused = model.selected ?? model.today;
    this.element.addEventListener("keydown", (event) => this.onkey(event));
    this.render();
  }

  select(day: Day): void {
    this.model.selected = day;
    this.show(day);
  }

  /** Draws everything again; a focus inside stays at its day or button. */
  render(): void {
    const root = this.element.getRootNode() as Document | ShadowRoot;
    const active = root.activeElement;
    const hadDay = [...this.buttons.values()].includes(active as HTMLButtonElement);
    const hadTurn = active instanceof HTMLElement && this.element.contains(active) ? active.dataset["turn"] : undefined;
    const { narrow, locale } = this.model;
    const month = this.focused.slice(0, 7);
    const weeks = narrow ? [weekOf(this.focused)] : weeksOfMonth(this.focused);
    const title = uniqueId();
    this.buttons.clear();
    const head = weeks[0]!.map((day) =>
      h(
        "th",
        { scope: "col" },
        h("span", { "aria-hidden": "true" }, dayText(day, locale, { weekday: "short" }).slice(0, narrow ? 3 : 2)),
        h("span", { class: "unseen" }, dayText(day, locale, { weekday: "long" })),
      ),
    );
    fill(
      this.element,
      h(
        "div",
        { class: "calendar-head" },
        h("h3", { id: title, "aria-live": "polite" }, dayText(this.focused, locale, { month: "long", year: "numeric" })),
        this.turn(-1),
        this.turn(1),
      ),
      h(
        "table",
        { role: "grid", "aria-labelledby": title },
        h("thead", {}, h("tr", {}, ...head)),
        h(
          "tbody",
          {},
          ...weeks.map((week) =>
            h("tr", {}, ...week.map((day) => h("td", {}, narrow || day.startsWith(month) ? this.day(day) : null))),
          ),
        ),
      ),
    );
    if (hadDay) this.buttons.get(this.focused)?.focus();
    if (hadTurn) this.element.querySelector<HTMLElement>(`[data-turn="${hadTurn}"]`)?.focus();
  }

  private day(day: Day): HTMLButtonElement {
    const { model } = this;
    const free = model.free(day);
    const reason =
      day < model.today
        ? words.past
        : day > model.last
          ? words.tooFar(fullDay(model.last, model.locale))
          : free === 0
            ? words.noTimes
            : null;
    const button = h(
      "button",
      {
        type: "button",
        class: `day motion${reason === words.noTimes ? " none" : reason || free ? "" : " unknown"}`,
        part: "day",
        tabindex: day === this.focused ? "0" : "-1",
        "aria-label": fullDay(day, model.locale),
        "aria-pressed": String(day === model.selected),
        "aria-disabled": reason ? "true" : null,
        title: reason,
        "aria-current": day === model.today ? "date" : null,
        onclick: () => {
          this.focused = day;
          if (reason) this.render();
          else model.onpick(day);
        },
      },
      String(Number(day.slice(8))),
    );
    this.buttons.set(day, button);
    return button;
  }

  private turn(step: 1 | -1): HTMLButtonElement {
    const { narrow, today, last } = this.model;
    const label = narrow
      ? step < 0
        ? words.previousWeek
        : words.nextWeek
      : step < 0
        ? words.previousMonth
        : words.nextMonth;
    const first = narrow ? weekOf(this.focused)[0]! : `${this.focused.slice(0, 7)}-01`;
    const beyond = step < 0 ? first <= today : (narrow ? addDays(first, 7) : addMonths(first, 1)) > last;
    return h("button", {
      type: "button",
      class: `turn ${step < 0 ? "back" : "on"}`,
      "data-turn": String(step),
      "aria-label": label,
      "aria-disabled": beyond ? "true" : null,
      onclick: () => {
        if (!beyond) this.show(narrow ? addDays(this.focused, 7 * step) : addMonths(first, step));
      },
    });
  }

  private onkey(event: KeyboardEvent): void {
    const move = KEYS[event.key];
    if (!move || !(event.target as HTMLElement).matches(".day") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.show(move(this.focused));
  }

  /** Moves the tab stop to a day between today and the last one, and shows its month or week. */
  show(day: Day): void {
    const { today, last, narrow, onshow } = this.model;
    this.focused = day < today ? today : day > last ? last : day;
    this.render();
    const weeks = narrow ? [weekOf(this.focused)] : weeksOfMonth(this.focused);
    onshow(weeks[0]![0]!, weeks[weeks.length - 1]![6]!);
  }
}
