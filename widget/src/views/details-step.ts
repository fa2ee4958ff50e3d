/** The third step as the page sees it: the chosen time, its hold, and the frame in which the details are typed. */

import type { Slot } from "../contract";
import { timeText } from "../dates";
import { fill, h } from "../dom";
import { choiceText, slotInFull, zoneFor, type Choice, type Env } from "../env";
import type { Held, HoldState } from "../held";
import { put } from "../words";
import { detailsLoading } from "./notices";
import { slotButton } from "./slot-list";

export interface DetailsStepEvents {
  onback(): void;
  /** Try to hold the same time once more, or another one. */
  onhold(slot: Slot): void;
}

export interface DetailsStep {
  element: HTMLElement;
  /** The form is on its way, or there. */
  waiting(is: boolean): void;
  /** The page may not show the frame: the hosted page takes over, with the time still held. */
  blocked(url: string): void;
  /** The time could not be held, for no fault of it. */
  failed(): void;
  /** Somebody else got the time: the nearest others, while the frame keeps what was typed. */
  taken(alternatives: Slot[]): void;
}

export function detailsStep(
  env: Env,
  choice: Choice,
  slot: Slot,
  held: Held | null,
  events: DetailsStepEvents,
): DetailsStep {
  const { words } = env;
  const hold = h("div", { class: "hold", tabindex: "-1" });
  const below = h("div", { class: "below" });
  const until = (of: Held) => timeText(of.until(), env.zone, env.locale);

  function drawHold(state: HoldState): void {
    const button = (label: string, onclick: () => void) =>
      h("button", { type: "button", class: "text-button", onclick }, label);
    const focused = hold.querySelector(":focus");
    hold.dataset["state"] = state;
    if (!held || state === "ended")
      fill(
        hold,
        h("p", {}, words.holdEnded),
        button(words.holdAgain, () => events.onhold(slot)),
      );
    else
      fill(
        hold,
        h("p", {}, state === "ending" ? words.holdEnding : put(words.heldUntil, { time: until(held) })),
        held.canExtend() && button(words.keepLonger, () => void extend(held)),
      );
    if (focused) (hold.querySelector("button") || hold).focus();
  }

  async function extend(mine: Held): Promise<void> {
    const longer = await mine.extend();
    drawHold(mine.state());
    if (longer) env.announce(put(words.keptLonger, { time: until(mine) }));
    else if (mine.canExtend()) failed();
  }

  function failed(): void {
    hold.querySelector("[role]")?.remove();
    hold.append(h("p", { role: "alert" }, words.holdFailed));
  }

  drawHold(held ? "held" : "ended");
  if (held) env.announce(put(words.keptLonger, { time: until(held) }));
  held?.watch((state) => {
    drawHold(state);
    if (state !== "held") env.announce(state === "ending" ? words.holdEnding : words.holdEnded);
  });

  return {
    element: h(
      "section",
      {},
      h(
        "div",
        { class: "summary" },
        h(
          "div",
          {},
          h("p", {}, h("strong", {}, slotInFull(env, choice, slot))),
          h("p", { class: "hint" }, choiceText(env, choice, held?.practitioner ?? choice.practitioner)),
        ),
        h(
          "button",
          { type: "button", class: "text-button", "aria-label": words.changeTime, onclick: () => events.onback() },
          words.change,
        ),
      ),
      hold,
      below,
    ),
    waiting: (is) => fill(below, ...(is ? detailsLoading(words) : [])),
    blocked(url) {
      fill(
        below,
        h(
          "div",
          { class: "notice" },
          h("h2", {}, words.blocked),
          h("p", {}, words.blockedHint),
          h(
            "a",
            { class: "button main", href: url, target: "_blank", rel: "noopener" },
            words.blockedLink,
            h("span", { class: "unseen" }, ` (${words.newTab})`),
          ),
        ),
      );
      env.announce(words.blocked);
    },
    failed,
    taken(alternatives) {
      const onpick = (other: Slot) => events.onhold(other);
      const title = h("h2", { tabindex: "-1" }, words.taken);
      held?.stop();
      fill(hold);
      fill(
        below,
        h(
          "div",
          { class: "notice warn", role: "alert" },
          title,
          h("p", {}, alternatives.length ? words.takenHint : words.takenNone),
          h(
            "ul",
            { class: "slot-row wide" },
            ...alternatives.map((other) =>
              h("li", {}, slotButton(other, { ...env, zone: zoneFor(env, choice.location), alsoIn: null, onpick }, true)),
            ),
          ),
          h("button", { type: "button", class: "text-button", onclick: () => events.onback() }, words.allTimes),
        ),
      );
      title.focus();
    },
  };
}
