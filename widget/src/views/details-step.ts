/** The third step as the page sees it: the chosen time, its hold, and the frame in which the details are typed. */

import type { Slot } from "../contract";
import { timeText } from "../dates";
import { fill, h } from "../dom";
import { choiceText, slotInFull, type Choice, type Env } from "../env";
import type { Held, HoldState } from "../held";
import { picker as words } from "../strings";
import { slotButton } from "./slot-list";

export interface DetailsStepEvents {
  onback(): void;
  /** Try to hold the same time once more. */
  onholdagain(): void;
  onpickother(slot: Slot): void;
}

export class DetailsStep {
  readonly element = h("section", { class: "details-step" });
  private readonly hold = h("div", { class: "hold" });
  private readonly below = h("div", { class: "below" });

  constructor(
    private readonly env: Env,
    choice: Choice,
    slot: Slot,
    private readonly held: Held | null,
    private readonly events: DetailsStepEvents,
  ) {
    const practitioner = held?.practitioner ?? choice.practitioner;
    fill(
      this.element,
      h(
        "div",
        { class: "summary" },
        h("div", {}, h("p", {}, h("strong", {}, slotInFull(env, slot))), h("p", { class: "hint" }, choiceText(env, choice, practitioner))),
        h("button", { type: "button", class: "text-button", "aria-label": words.changeTime, onclick: () => events.onback() }, words.change),
      ),
      this.hold,
      this.below,
    );
    this.watch();
  }

  /** The form is on its way. */
  waiting(): void {
    fill(
      this.below,
      h("p", { class: "unseen" }, words.frameLoading),
      h("div", { class: "bars", "aria-hidden": "true" }, h("div", { class: "bar title" }), ...[1, 2, 3, 4].map(() => h("div", { class: "bar" }))),
    );
  }

  formShown(): void {
    fill(this.below);
  }

  /** The page may not show the frame: the hosted page takes over, with the time still held. */
  blocked(url: string): void {
    fill(
      this.below,
      h(
        "div",
        { class: "notice" },
        h("h2", { tabindex: "-1" }, words.blocked),
        h("p", {}, words.blockedHint),
        h("a", { class: "button main", href: url, target: "_blank", rel: "noopener" }, words.blockedLink, h("span", { class: "unseen" }, ` (${words.newTab})`)),
      ),
    );
    this.env.announce(words.blocked);
  }

  /** Somebody else got the time: the nearest others, while the frame keeps what was typed. */
  taken(alternatives: Slot[]): void {
    this.held?.stop();
    fill(this.hold);
    const title = h("h2", { tabindex: "-1" }, words.taken);
    fill(
      this.below,
      h(
        "div",
        { class: "notice warn", role: "alert" },
        title,
        h("p", {}, alternatives.length ? words.takenHint : words.takenNone),
        h(
          "ul",
          { class: "slot-row wide" },
          ...alternatives.map((slot) =>
            h("li", {}, slotButton(slot, [slot], { locale: this.env.locale, alsoIn: null, onpick: (other) => this.events.onpickother(other) }, true)),
          ),
        ),
        h("button", { type: "button", class: "text-button", onclick: () => this.events.onback() }, words.allTimes),
      ),
    );
    title.focus();
  }

  private watch(): void {
    this.drawHold(this.held ? "held" : "ended");
    this.held?.watch((state) => {
      this.drawHold(state);
      if (state === "ending") this.env.announce(words.holdEnding);
      if (state === "ended") this.env.announce(words.holdEnded);
    });
  }

  private drawHold(state: HoldState): void {
    const { held, env } = this;
    const button = (label: string, onclick: () => void) =>
      h("button", { type: "button", class: "text-button", onclick }, label);
    this.hold.dataset["state"] = state;
    if (!held || state === "ended") fill(this.hold, h("p", {}, words.holdEnded), button(words.holdAgain, () => this.events.onholdagain()));
    else
      fill(
        this.hold,
        h("p", {}, state === "ending" ? words.holdEnding : words.heldUntil(timeText(new Date(held.until), env.zone, env.locale))),
        held.canExtend && button(words.keepLonger, () => void this.extend(held)),
      );
  }

  private async extend(held: Held): Promise<void> {
    const longer = await held.extend();
    this.drawHold(held.until > Date.now() ? "held" : "ended");
    if (longer) this.env.announce(words.keptLonger(timeText(new Date(held.until), this.env.zone, this.env.locale)));
    this.hold.querySelector("button")?.focus();
  }
}
