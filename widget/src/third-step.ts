/** The third step and what follows it: the chosen time, how it is held, the frame with the form and the last screen. */

import { tellBlocked } from "./console";
import type { Said, Slot } from "./contract";
import { addDays, type Day } from "./dates";
import { failureOf, wantedOf, zoneFor, type Choice, type Env } from "./env";
import { resumeHold, takeHold, type Held } from "./held";
import type { Host } from "./host";
import { dayOf, nearest } from "./slots";
import type { Times } from "./times";
import { detailsStep, type DetailsStep } from "./views/details-step";
import { detailsFrame } from "./views/frame";
import { chosen, handOver, type Handed } from "./wishes";

const ALTERNATIVES = 6;
const ALTERNATIVE_DAYS = 7;

/** The steps around this one. */
export interface Steps {
  /** Shows a step: its number, its name, and what of it stands above the frame. */
  show(number: number, name: string, ...content: HTMLElement[]): void;
  /** The visitor goes on. What is returned says whether that is still the last that they did. */
  begin(): () => boolean;
  /** Back to the step that is so deep, or from this one to the times, at this day. */
  back(day: Day | null, depth: number): void;
  chooseService(): void;
  /** The free times of a choice; none are fetched yet. */
  timesFor(env: Env, choice: Choice): Times;
}

export interface ThirdStep {
  /** Holds a time and goes on with it, unless the visitor has gone on otherwise by then. Rejects with `ApiError`. */
  hold(choice: Choice, slot: Slot): Promise<void>;
  /** Goes on with a time that was chosen before this page was opened. */
  resume(given: Handed): void;
  /** Gives back what is held, if anything is; done once the server has it. */
  letGo(): Promise<unknown>;
  /** The visitor leaves the page, or the page does without the widget. */
  leave(): void;
  /** Another step is shown. */
  aside(): void;
  /** The visitor has come so many steps. */
  deep(depth: number): void;
  /** Back to the step that is so deep, unless the request is on its way. */
  back(depth: number): void;
  /** The page looks different now, and so does the frame. */
  relook(): void;
}

/** The frame is put into `card`. */
export function thirdStep(env: Env, host: Host, card: HTMLElement, steps: Steps): ThirdStep {
  const { server, practice } = env;
  let choice: Choice;
  let slot: Slot | null = null;
  let held: Held | null = null;
  let details: DetailsStep | null = null;
  let blocked = false;
  let sending = false;
  let booked = false;
  let deep = 0;
  /** What holds a time or gives one back, one after the other, so that the visitor is never in their own way. */
  let last: Promise<unknown> = Promise.resolve();
  /** Another time is on its way: a second press would race the visitor against themself. */
  let asking = false;
  const frame = detailsFrame(
    `${server.base}/embed/${encodeURIComponent(server.practice)}/details?lang=${env.locale}`,
    env.words.yourDetails,
    hear,
    () => {
      blocked = true;
      tellBlocked(server);
      showForm();
    },
  );
  card.append(frame.element);

  function hold(of: Choice, picked: Slot): Promise<void> {
    const current = steps.begin();
    const asked = last.then(async () => {
      if (!current()) return;
      const taken = await takeHold(server, wantedOf(of), picked.start, practice.policies.hold_minutes);
      if (current()) begin(of, picked, taken);
      else await taken.release();
    });
    last = asked.catch(() => undefined);
    return asked.catch((error: unknown) => {
      if (current()) throw error;
    });
  }

  function begin(of: Choice, picked: Slot, hold: Held | null): void {
    choice = of;
    slot = picked;
    held = hold;
    details = detailsStep(env, choice, slot, held, { onback: () => back(deep), onhold: (other) => void holdOther(other) });
    if (held) host.emit("slot", { start: slot.start, service: choice.service.id });
    steps.show(3, "details", details.element);
    frame.send({ ...chosenNow(), lang: env.locale, ...host.look(practice) });
    showForm();
  }

  function giveBack(): Promise<unknown> {
    if (held) last = Promise.all([last, held.release()]);
    held = null;
    return last;
  }

  function letGo(): Promise<unknown> {
    details = null;
    booked = false;
    frame.send(null);
    return giveBack();
  }

  const chosenNow = () => chosen(choice, slot!, held);

  const zone = () => zoneFor(env, choice.location);

  const day = () => slot && dayOf(slot, zone());

  function back(depth: number): void {
    if (sending) frame.deep(deep);
    else steps.back(day(), depth);
  }

  function showForm(): void {
    if (!details) return;
    const ready = frame.ready();
    frame.show(ready);
    if (!ready && blocked) details.blocked(handOver(server, chosenNow()));
    else details.waiting(!ready);
    if (ready) frame.focus();
  }

  /** Holds a time from the details step; where it is gone, shows what else is near. */
  async function holdOther(other: Slot): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      // By the server's clock it may not have ended yet, and would stand in its own way.
      void giveBack();
      await hold(choice, other);
    } catch (error) {
      const { code } = failureOf(error);
      host.emit("error", { code });
      if (code === "slot_taken") await taken();
      else details?.failed();
    }
    asking = false;
  }

  async function taken(): Promise<void> {
    const step = details;
    const { start } = slot!;
    const from = day()!;
    const times = steps.timesFor(env, choice);
    frame.show(false);
    await times.load(from, addDays(from, ALTERNATIVE_DAYS)).catch(() => undefined);
    if (!step || step !== details) return;
    host.reveal();
    step.taken(nearest(times.all(), start, ALTERNATIVES));
  }

  function hear(said: Said): void {
    const { ready, error, state, depth } = said;
    if (ready) showForm();
    if (depth != null) back(depth);
    if (state) sending = state === "sending";
    // The frame has loaded anew, and knows of no booking.
    if (state === "filling" && booked) steps.chooseService();
    if (error) host.emit("error", { code: error });
    if (error === "slot_taken") void taken();
    if (state === "received") received(said);
    if (state === "another") steps.chooseService();
  }

  function received({ reference = "", service = choice.service.id, start = slot!.start }: Said): void {
    held?.stop();
    held = details = null;
    booked = true;
    // Going through the history, some browsers say that the frame has loaded: it must not get the time once more.
    frame.send(null);
    steps.show(4, "received");
    frame.show(true);
    host.emit("booked", { reference, service, start });
  }

  return {
    hold,
    resume({ choice, slot, hold, expires, left }) {
      begin(choice, slot, left > 0 ? resumeHold(server, hold, choice.practitioner, expires, left) : null);
    },
    letGo,
    // It stays for a booking that is on its way, and for the hosted page where that had to take over.
    leave() {
      if (!sending && (!blocked || frame.ready())) held?.leave();
    },
    aside: () => frame.show(false),
    deep(depth) {
      deep = depth;
      frame.deep(depth);
    },
    back,
    relook() {
      frame.look(host.look(practice));
    },
  };
}
