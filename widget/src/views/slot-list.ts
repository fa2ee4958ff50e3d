/** The free times of one day, as buttons in a group that is named by the day. */

import type { Slot } from "../contract";
import { dayIn, dayText, fullDay, timeText, zoneCity, type Day } from "../dates";
import { h, uniqueId } from "../dom";
import { byPart } from "../slots";
import { put, type PickerWords } from "../words";

export interface SlotListModel {
  words: PickerWords;
  locale: string;
  /** In which the times are shown. */
  zone: string;
  day: Day;
  slots: Slot[];
  /** Another zone, where its time is to be shown too. */
  alsoIn: string | null;
  onpick(slot: Slot, button: HTMLElement): void;
}

export function slotList(model: SlotListModel): HTMLElement {
  const { words, locale, zone, day, slots } = model;
  const title = uniqueId();
  return h(
    "div",
    { role: "group", "aria-labelledby": title, class: "slots" },
    h("h3", { id: title }, fullDay(day, locale)),
    ...byPart(slots, zone).map(([part, list]) =>
      h(
        "div",
        { class: "slot-part" },
        h("p", { class: "hint" }, words[part]),
        h("ul", { class: "slot-row" }, ...list.map((slot) => h("li", {}, slotButton(slot, model)))),
      ),
    ),
  );
}

export function slotButton(
  slot: Slot,
  model: Omit<SlotListModel, "day" | "slots">,
  withDay = false,
): HTMLElement {
  const { words, locale, zone, alsoIn, onpick } = model;
  const start = new Date(slot.start);
  const day = dayIn(start, zone);
  const short = (of: Day) => dayText(of, locale, { weekday: "short", month: "short", day: "numeric" });
  const time = timeText(start, zone, locale);
  const button = h(
    "button",
    { type: "button", class: "button slot", part: "slot", onclick: () => onpick(slot, button) },
    withDay ? `${short(day)}, ${time}` : time,
  );
  if (!alsoIn) return button;
  const there = dayIn(start, alsoIn);
  const id = uniqueId();
  button.setAttribute("aria-describedby", id);
  const text = (there === day ? "" : `${short(there)}, `) + timeText(start, alsoIn, locale);
  return h(
    "div",
    { class: "slot-pair" },
    button,
    h("p", { id, class: "hint" }, text, h("span", { class: "unseen" }, put(words.inCity, { city: zoneCity(alsoIn, words) }))),
  );
}
