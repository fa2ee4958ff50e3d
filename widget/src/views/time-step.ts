/** The second step: practitioner and location, then a day and a time, which is held at once. */

import { ApiError, type Wanted } from "../api";
import type { Slot } from "../contract";
import { addDays, dayIn, fullDay, offsetMinutes, timeText, dayText, type Day } from "../dates";
import { fill, h } from "../dom";
import { zoneText, type Choice, type Env } from "../env";
import { Held } from "../held";
import { dayOf } from "../slots";
import { picker as words } from "../strings";
import { Times } from "../times";
import { CalendarView } from "./calendar";
import { filtersView } from "./filters";
import { failureView, nothingFreeView, timesLoading } from "./notices";
import { slotList } from "./slot-list";

export interface TimeStepEvents {
  /** Null where there is only one service. */
  onchangeservice: (() => void) | null;
  /** Slots can be pressed. */
  onready(): void;
  onheld(slot: Slot, held: Held): void;
}

export class TimeStep {
  readonly element = h("section", { class: "time-step" });
  private readonly heading = h("h2", { tabindex: "-1", part: "heading" }, words.chooseTime);
  private readonly filters = h("div", { class: "filters" });
  private readonly body = h("div", { class: "when" });
  private readonly foot = h("p", { class: "zone hint" });
  private times!: Times;
  private calendar: CalendarView | null = null;
  private panel = h("div", { class: "slot-panel" });
  private selected: Day | null = null;
  private alsoMine = false;
  private busy = false;

  constructor(
    private readonly env: Env,
    private readonly choice: Choice,
    private readonly events: TimeStepEvents,
    day: Day | null,
  ) {
    this.selected = day;
    fill(this.element, this.summary(), this.heading, this.filters, this.body, this.foot);
    void this.start();
  }

  focus(): void {
    this.heading.focus();
  }

  /** The layout changed between one column and two. */
  relayout(): void {
    if (this.calendar) this.drawCalendar();
  }

  /** Asks for the free times again, and shows them; `message` says why. */
  async refresh(message: string): Promise<void> {
    await this.start();
    const alert = h("div", { class: "notice warn", role: "alert", tabindex: "-1" }, h("p", {}, message));
    this.panel.prepend(alert);
    alert.focus();
  }

  private summary(): HTMLElement {
    const { service } = this.choice;
    const { onchangeservice } = this.events;
    return h(
      "div",
      { class: "summary" },
      h("p", {}, h("strong", {}, service.name), ` · ${[words.minutes(service.minutes), service.price].filter(Boolean).join(" · ")}`),
      onchangeservice &&
        h("button", { type: "button", class: "text-button", "aria-label": words.changeService, onclick: onchangeservice }, words.change),
    );
  }

  private drawFilters(): void {
    const { env, choice } = this;
    const again = (name: string) => {
      void this.start();
      this.filters.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
    };
    fill(
      this.filters,
      ...filtersView(
        env,
        choice,
        (id) => {
          choice.practitioner = id || null;
          again(words.with);
        },
        (id) => {
          choice.location = env.practice.locations.find((place) => place.id === id) ?? choice.location;
          again(words.where);
        },
      ),
    );
  }

  private async start(): Promise<void> {
    const { env, choice } = this;
    const zone = choice.location.timezone;
    const today = dayIn(new Date(), zone);
    const times = new Times(env.server, this.wanted(), today, addDays(today, env.practice.policies.horizon_days));
    this.times = times;
    this.drawFilters();
    this.drawFoot();
    this.calendar = null;
    fill(this.body, ...timesLoading());
    this.body.setAttribute("aria-busy", "true");
    try {
      const wish = this.selected && this.selected >= today ? this.selected : today;
      await times.load(wish, wish);
      const free = times.firstFree(wish) ?? times.firstFree(today);
      if (free && !times.known(free)) await times.load(free, free);
      if (times !== this.times) return;
      this.selected = free && times.on(free).length ? free : times.firstFree(today);
      this.draw();
      this.events.onready();
    } catch (error) {
      if (times === this.times) this.fail(error);
    } finally {
      if (times === this.times) this.body.removeAttribute("aria-busy");
    }
  }

  private fail(error: unknown): void {
    const known = error instanceof ApiError ? error : new ApiError("error", 0, "", {}, []);
    this.env.emit("error", { code: known.code });
    fill(this.body, failureView(known, () => void this.start()));
  }

  private wanted(): Wanted {
    return { service: this.choice.service.id, practitioner: this.choice.practitioner, location: this.choice.location.id };
  }

  private draw(): void {
    if (!this.selected) {
      const choices = this.filters.querySelector("select") !== null;
      fill(this.body, nothingFreeView(this.env.practice, choices));
      this.env.announce(words.nothingFree);
      return;
    }
    this.drawCalendar();
    this.drawPanel();
    fill(this.body, this.calendar?.element, this.panel);
    void this.cover(this.selected, this.selected);
  }

  private drawCalendar(): void {
    const before = this.calendar;
    this.calendar = new CalendarView({
      locale: this.env.locale,
      today: this.times.today,
      last: this.times.last,
      selected: this.selected,
      narrow: this.env.narrow,
      free: (day) => (this.times.known(day) ? this.times.on(day).length : null),
      onpick: (day) => this.pickDay(day),
      onshow: (first, last) => void this.cover(first, last),
    });
    if (!before) return;
    before.element.replaceWith(this.calendar.element);
    this.calendar.show(before.focused);
  }

  /** Loads what the shown weeks lack, then draws them again. */
  private async cover(first: Day, last: Day): Promise<void> {
    const { times, calendar } = this;
    if (times.known(first < times.today ? times.today : first) && times.known(last > times.last ? times.last : last)) return;
    try {
      await times.load(first, last);
    } catch (error) {
      if (times === this.times) this.fail(error);
      return;
    }
    if (calendar === this.calendar) calendar?.render();
  }

  private pickDay(day: Day): void {
    this.selected = day;
    this.calendar?.select(day);
    this.drawPanel();
    this.drawFoot();
    this.env.announce(words.timesOn(this.times.on(day).length, fullDay(day, this.env.locale)));
  }

  private drawPanel(): void {
    const { env, selected, times } = this;
    if (!selected) return;
    const next = times.firstFree(addDays(selected, 1));
    const first = next ? times.on(next)[0] : undefined;
    fill(
      this.panel,
      slotList({
        locale: env.locale,
        day: selected,
        slots: times.on(selected),
        alsoIn: this.alsoMine ? env.zone : null,
        onpick: (slot, button) => void this.pickSlot(slot, button),
      }),
      first &&
        h(
          "p",
          { class: "next hint" },
          `${words.nextAvailable} `,
          h(
            "button",
            { type: "button", class: "text-button", onclick: () => this.pickDay(dayOf(first)) },
            `${dayText(dayOf(first), env.locale, { weekday: "short", month: "short", day: "numeric" })}, ${timeText(new Date(first.start), first.timezone, env.locale)}`,
          ),
        ),
    );
  }

  private drawFoot(): void {
    const { env } = this;
    const zone = this.choice.location.timezone;
    const first = this.selected && this.times.on(this.selected)[0];
    const at = first ? new Date(first.start) : new Date();
    fill(
      this.foot,
      `${zoneText(env, zone, at)} `,
      offsetMinutes(at, zone) !== offsetMinutes(at, env.zone) &&
        h(
          "button",
          {
            type: "button",
            class: "text-button",
            "aria-pressed": String(this.alsoMine),
            onclick: () => {
              this.alsoMine = !this.alsoMine;
              this.drawFoot();
              this.drawPanel();
              this.foot.querySelector("button")?.focus();
            },
          },
          words.myTime,
        ),
    );
  }

  private async pickSlot(slot: Slot, button: HTMLButtonElement): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      const held = await Held.take(this.env.server, this.wanted(), slot.start, this.env.practice.policies.hold_minutes);
      this.events.onheld(slot, held);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "error";
      this.env.emit("error", { code });
      this.selected = dayOf(slot);
      await this.refresh(code === "slot_taken" ? words.takenShort : words.holdFailed);
    } finally {
      this.busy = false;
      button.removeAttribute("aria-busy");
    }
  }
}
