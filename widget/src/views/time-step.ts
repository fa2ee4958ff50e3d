/** The second step: practitioner and location, then a day and a time, which is held at once. */

import { hostedPage } from "../api";
import type { Slot } from "../contract";
import { dayText, fullDay, offsetMinutes, timeText, weekStart, zoneCity, type Day } from "../dates";
import { fill, h } from "../dom";
import { factsOf, failureOf, timesFor, zoneFor, zoneText, type Choice, type Env } from "../env";
import { dayOf } from "../slots";
import type { Times } from "../times";
import { put, putCount } from "../words";
import { calendarView, type Calendar } from "./calendar";
import { filtersView, settledFacts } from "./filters";
import { failureView, nothingFreeView, timesLoading } from "./notices";
import { slotList } from "./slot-list";

export interface TimeStepEvents {
  /** Null where there is only one service. */
  onchangeservice: (() => void) | null;
  /** Slots can be pressed. */
  onready(): void;
  /** Another practitioner or location is chosen: a time that was picked before isn't wanted any more. */
  onfilter(): void;
  /** Tries to hold the time, and goes on with it. Rejects with `ApiError`. */
  onpick(slot: Slot): Promise<void>;
}

export interface TimeStep {
  element: HTMLElement;
  /** The layout changed between a month and a week. */
  relayout(): void;
}

/** `selected` is the day to open with, if it is free; `before` is waited for first. */
export function timeStep(
  env: Env,
  choice: Choice,
  events: TimeStepEvents,
  selected: Day | null,
  before?: Promise<unknown>,
): TimeStep {
  const { words } = env;
  const filters = h("div", { class: "filters" });
  const body = h("div", { class: "when" });
  const panel = h("div", { class: "slot-panel" });
  const foot = h("p", { class: "zone hint" });
  let times: Times;
  let calendar: Calendar | null = null;
  let both = false;
  let busy = false;

  /** The zone that times are shown in, and the one that they can be shown in beside it. */
  const zone = () => zoneFor(env, choice.location);
  const other = () => (choice.location.kind === "place" ? env.zone : choice.location.timezone);

  function drawFilters(): void {
    const again = (name: string) => {
      busy = false;
      events.onfilter();
      void start(true);
      filters.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
    };
    fill(
      filters,
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

  /** `again` says aloud what is free now, since another number may have been said before. */
  async function start(again = false): Promise<void> {
    const mine = timesFor(env, choice);
    times = mine;
    calendar = null;
    const opened = before ? before.then(mine.open) : mine.open();
    drawFilters();
    // Below what is about to grow, it would only jump.
    fill(foot);
    fill(body, ...timesLoading());
    try {
      await opened;
      const today = mine.today();
      const wish = selected && selected >= today ? selected : today;
      await mine.load(wish, wish);
      let free = mine.firstFree(wish);
      if (free) await mine.load(free, free);
      else if (wish > today) {
        await mine.load(today, wish);
        free = mine.firstFree(today);
      }
      if (mine !== times) return;
      selected = free;
      draw();
      if (again) tell();
      events.onready();
    } catch (error) {
      if (mine === times) fail(error);
    }
  }

  function fail(error: unknown): void {
    const known = failureOf(error);
    env.emit("error", { code: known.code });
    fill(
      body,
      failureView(
        words,
        known,
        () => {
          element.querySelector("h2")!.focus();
          void start();
        },
        hostedPage(env.server),
        env.practice.contact,
      ),
    );
  }

  function draw(): void {
    if (!selected) {
      fill(body, nothingFreeView(env, !!filters.querySelector("select")));
      env.announce(words.nothingFree);
      return;
    }
    calendar = calendarView({
      words,
      locale: env.locale,
      start: weekStart(env.locale, env.practice),
      today: times.today(),
      last: times.last(),
      selected,
      narrow: () => env.narrow,
      free: (day) => (times.known(day) ? times.on(day).length : null),
      onpick: pickDay,
      onshow: (first, last) => void cover(first, last),
    });
    drawPanel();
    drawFoot();
    fill(body, calendar.element, panel);
    calendar.select(selected);
  }

  /** Loads what the shown weeks lack, then draws them again. */
  async function cover(first: Day, last: Day): Promise<void> {
    const mine = times;
    if (mine.known(first) && mine.known(last)) return;
    // The chosen day may be one of those that are on their way.
    const waiting = selected && !mine.known(selected);
    try {
      await mine.load(first, last);
      if (mine !== times) return;
      calendar?.render();
      if (waiting) {
        drawPanel();
        tell();
      }
    } catch (error) {
      if (mine === times) fail(error);
    }
  }

  function pickDay(day: Day): void {
    selected = day;
    calendar?.select(day);
    drawPanel();
    drawFoot();
    tell();
  }

  function tell(): void {
    if (selected && times.known(selected))
      env.announce(
        putCount(words.timesOn, times.on(selected).length, env.locale, { day: fullDay(selected, env.locale) }),
      );
  }

  function drawPanel(): void {
    if (!selected) return;
    const slots = times.on(selected);
    // Only a day that was chosen before its times were known can turn out to have none.
    const next = slots.length || !times.known(selected) ? null : times.firstFree(selected);
    const first = next && times.on(next)[0];
    fill(
      panel,
      slotList({
        words,
        locale: env.locale,
        zone: zone(),
        day: selected,
        slots,
        alsoIn: both ? other() : null,
        onpick: (slot, button) => void pickSlot(slot, button),
      }),
      first &&
        h(
          "p",
          { class: "hint" },
          `${words.nextAvailable} `,
          h(
            "button",
            { type: "button", class: "text-button", onclick: () => pickDay(next) },
            `${dayText(next, env.locale, { weekday: "short", month: "short", day: "numeric" })}, ` +
              timeText(new Date(first.start), zone(), env.locale),
          ),
        ),
    );
  }

  function drawFoot(): void {
    const at = selected ? new Date(times.on(selected)[0]?.start ?? Date.now()) : new Date();
    const toggle = () => {
      both = !both;
      drawFoot();
      drawPanel();
      foot.querySelector("button")?.focus();
    };
    fill(
      foot,
      `${zoneText(env, zone(), at)} `,
      both && `${put(words.smallTimes, { city: zoneCity(other(), words) })} `,
      offsetMinutes(at, zone()) !== offsetMinutes(at, other()) &&
        h(
          "button",
          { type: "button", class: "text-button", onclick: toggle },
          both
            ? words.onlyOne
            : other() === env.zone
              ? words.alsoMine
              : put(words.alsoIn, { city: zoneCity(other(), words) }),
        ),
    );
  }

  async function pickSlot(slot: Slot, button: HTMLElement): Promise<void> {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      await events.onpick(slot);
    } catch (error) {
      const { code } = failureOf(error);
      env.emit("error", { code });
      button.removeAttribute("aria-busy");
      selected = dayOf(slot, zone());
      if (code === "slot_taken") await start(true);
      const reason = code === "slot_taken" ? words.takenShort : words.holdFailed;
      const alert = h("div", { class: "notice warn", role: "alert", tabindex: "-1" }, h("p", {}, reason));
      panel.prepend(alert);
      alert.focus();
    }
    busy = false;
  }

  const element = h(
    "section",
    {},
    h(
      "div",
      { class: "summary" },
      h(
        "p",
        {},
        h("strong", {}, choice.service.name),
        ` · ${[factsOf(env, choice.service), ...settledFacts(env, choice)].join(" · ")}`,
      ),
      events.onchangeservice &&
        h(
          "button",
          { type: "button", class: "text-button", "aria-label": words.changeService, onclick: events.onchangeservice },
          words.change,
        ),
    ),
    h("h2", { tabindex: "-1", part: "heading" }, words.chooseTime),
    filters,
    body,
    foot,
  );
  void start();
  return { element, relayout: () => calendar?.render() };
}
