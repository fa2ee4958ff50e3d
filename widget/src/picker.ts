/** The widget's steps and what leads from one to the next. */

import { hostedPage } from "./api";
import { tellBlocked, tellFailure } from "./console";
import type { Chosen, Said, Service, Slot } from "./contract";
import { addDays } from "./dates";
import { fill, h } from "./dom";
import { failureOf, timesFor, wantedOf, zoneFor, type Choice, type Env } from "./env";
import type { Held } from "./held";
import type { Host, Settings } from "./host";
import { later, type Later } from "./load-later";
import { opening } from "./opening";
import { dayOf, nearest } from "./slots";
import type { DetailsStep } from "./views/details-step";
import type { DetailsFrame } from "./views/frame";
import { headView } from "./views/head";
import { failureView, loadingView, nothingFreeView } from "./views/notices";
import { servicesView } from "./views/services";
import { timeStep, type TimeStep } from "./views/time-step";
import { choiceOf, chosen, handOver, handedOver, offered } from "./wishes";
import { english, type PickerWords } from "./words";

export interface Picker {
  element: HTMLElement;
  /** Tells the picker whether there is only room for a week. */
  resize(narrow: boolean): void;
  /** The page looks different now, and so does the frame. */
  relook(): void;
}

const ALTERNATIVES = 6;
const ALTERNATIVE_DAYS = 7;

export function picker(settings: Settings, host: Host): Picker {
  const { server, wish } = settings;
  const view = h("div", { class: "view" });
  const head = h("div", { class: "head" });
  const card = h("div", { class: "card", part: "card" }, view);
  let env: Env;
  let words: PickerWords = english;
  let narrow = true;
  let frame: DetailsFrame | null = null;
  let blocked = false;
  let time: TimeStep | null = null;
  let details: DetailsStep | null = null;
  let choice: Choice;
  let slot: Slot;
  let held: Held | null = null;
  let sending = false;
  /** The step that is shown, and the one that the visitor began with: Back leads there, and then out of the page. */
  let shown = 0;
  let first = 0;
  /** From the first press on, the focus follows the steps. */
  let touched = settings.asked;

  async function start(): Promise<void> {
    fill(view, loadingView(words));
    try {
      const found = await opening(settings);
      words = found.words;
      env = { ...found, server, narrow, announce: host.announce, emit: host.emit };
      host.speak(env.locale, words);
      host.look(env.practice);
      if (!resume()) chooseService();
    } catch (error) {
      const known = failureOf(error);
      host.emit("error", { code: known.code });
      // Whatever comes next, the visitor has asked for it.
      touched = true;
      tellFailure(server, known.status);
      fill(view, failureView(words, known, () => void start(), hostedPage(server)));
    }
  }

  /** Shows a step: its number of three, its content, and whether the frame with the form belongs to it. */
  function show(number: number, name: string, ...content: HTMLElement[]): void {
    fill(head, ...headView(words, env.practice.name, number));
    frame?.show(false);
    fill(view, ...content);
    host.emit("step", { step: name });
    shown = number;
    first = number > 3 ? 0 : Math.min(number, first || number);
    tellDepth();
    if (!touched) return;
    host.reveal();
    view.querySelector("h2")?.focus({ preventScroll: true });
  }

  const tellDepth = () => frame?.deep(first && shown - first);

  function stepBack(step: number): void {
    if (sending) tellDepth();
    else if (step > 1) backToTime();
    else chooseService();
  }

  function chooseService(): void {
    const [only, ...more] = offered(env.practice, wish);
    void letGo();
    time = details = null;
    if (only && !more.length) chooseTime(only, null);
    else {
      const onpick = (service: Service) => {
        touched = true;
        chooseTime(service, null);
      };
      show(1, "service", only ? servicesView(env, [only, ...more], onpick) : nothingFreeView(env, false));
      host.emit("ready", {});
    }
  }

  function chooseTime(service: Service, day: string | null, before?: Promise<void>): void {
    const mine = choice?.service === service ? choice : choiceOf(env.practice, wish, service);
    if (!mine) return;
    choice = mine;
    details = null;
    time = timeStep(
      env,
      mine,
      {
        onchangeservice: offered(env.practice, wish).length > 1 ? chooseService : null,
        onready() {
          host.emit("ready", {});
          // Not before the page itself has loaded, which would wait for the frame.
          if (document.readyState === "complete") setTimeout(preloadQuietly);
          else window.addEventListener("load", preloadQuietly);
        },
        onpick(picked) {
          touched = true;
          return withPart(picked, (part) => hold(part, picked));
        },
      },
      day,
      before,
    );
    show(2, "time", time.element);
  }

  /** The form, and what stands above it, come while the visitor looks at the times. */
  async function preload(): Promise<Later> {
    const part = await later(server.base, card);
    env.words = words = { ...part.words, ...words };
    if (!frame) {
      frame = part.detailsFrame(
        `${server.base}/embed/${encodeURIComponent(server.practice)}/details?lang=${env.locale}`,
        words.yourDetails,
        hear,
        () => {
          blocked = true;
          tellBlocked(server);
          showForm();
        },
      );
      card.append(frame.element);
      tellDepth();
    }
    return part;
  }

  const preloadQuietly = () => void preload().catch(() => undefined);

  /** Goes on from a chosen time; where the second part can't be had, the hosted page does. */
  async function withPart(picked: Slot, act: (part: Later) => Promise<void> | void): Promise<void> {
    let part: Later;
    try {
      part = await preload();
    } catch {
      slot = picked;
      const again = () => void withPart(picked, act).catch(() => chooseTime(choice.service, dayOf(slot, zone())));
      fill(view, failureView(words, { code: "offline", status: 0 }, again, hostedUrl(), env.practice.contact));
      return;
    }
    await act(part);
  }

  async function hold(part: Later, picked: Slot): Promise<void> {
    const minutes = env.practice.policies.hold_minutes;
    fillDetails(part, picked, await part.takeHold(server, wantedOf(choice), picked.start, minutes));
  }

  function fillDetails(part: Later, picked: Slot, hold: Held | null): void {
    slot = picked;
    held?.stop();
    held = hold;
    time = null;
    details = part.detailsStep(env, choice, slot, held, {
      onback: backToTime,
      onhold: (other) => void holdOther(other),
    });
    if (held) host.emit("slot", { start: slot.start, service: choice.service.id });
    show(3, "details", details.element);
    frame?.send(chosenNow());
    showForm();
  }

  function letGo(): Promise<void> | undefined {
    const gone = held?.release();
    held = null;
    frame?.send(null);
    return gone;
  }

  function backToTime(): void {
    if (!sending) chooseTime(choice.service, dayOf(slot, zone()), letGo());
  }

  function showForm(): void {
    if (!details || !frame) return;
    const ready = frame.ready();
    frame.show(ready);
    if (!ready && blocked) details.blocked(hostedUrl());
    else details.waiting(!ready);
    if (ready) frame.focus();
  }

  const chosenNow = (): Chosen => ({ ...chosen(choice, slot, held), lang: env.locale, ...host.look(env.practice) });

  const hostedUrl = () => handOver(server, chosenNow());

  const zone = () => zoneFor(env, choice.location);

  /** Holds a time from the details step; where it is gone, shows what else is near. */
  async function holdOther(other: Slot): Promise<void> {
    try {
      // By the server's clock it may not have ended yet, and would stand in its own way.
      await held?.release();
      await withPart(other, (part) => hold(part, other));
    } catch (error) {
      const { code } = failureOf(error);
      host.emit("error", { code });
      if (code === "slot_taken") await taken();
      else details?.failed();
    }
  }

  async function taken(): Promise<void> {
    const step = details;
    const day = dayOf(slot, zone());
    const times = timesFor(env, choice);
    frame?.show(false);
    await times.load(day, addDays(day, ALTERNATIVE_DAYS)).catch(() => undefined);
    host.reveal();
    step?.taken(nearest(times.all(), slot.start, ALTERNATIVES));
  }

  function hear({ ready, error, state, reference, depth }: Said): void {
    if (ready) showForm();
    if (depth != null) stepBack(first + depth);
    if (state) sending = state === "sending";
    // The frame has loaded anew, and knows of no booking.
    if (state === "filling" && shown > 3) chooseService();
    if (error) host.emit("error", { code: error });
    if (error === "slot_taken") void taken();
    if (state === "received") received(reference ?? "");
    if (state === "another") chooseService();
  }

  function received(reference: string): void {
    held?.stop();
    held = details = null;
    // Going through the history, some browsers say that the frame has loaded: it must not get the time once more.
    frame?.send(null);
    show(4, "received");
    frame?.show(true);
    host.emit("booked", { reference, service: choice.service.id, start: slot.start });
  }

  /** Goes on with a time that was chosen, and held, before this page was opened. False where there is none. */
  function resume(): boolean {
    const given = handedOver(env.practice, wish);
    if (!given) return false;
    choice = given.choice;
    void withPart(given.slot, (part) => {
      const { hold, expires, left } = given;
      const who = choice.practitioner;
      fillDetails(part, given.slot, left > 0 ? part.resumeHold(server, hold, who, expires, left) : null);
      host.emit("ready", {});
    });
    return true;
  }

  // A page that is loaded again doesn't know its hold, which would stand in the visitor's own way. It stays for a booking
  // that is on its way, and for the hosted page where that had to take over.
  window.addEventListener("pagehide", () => {
    if (!sending && (!blocked || frame?.ready())) held?.leave();
  });
  void start();
  return {
    element: h("div", {}, head, card),
    resize(is) {
      if (is === narrow) return;
      narrow = is;
      if (env) env.narrow = is;
      time?.relayout();
    },
    relook() {
      if (details) frame?.send(chosenNow());
    },
  };
}
