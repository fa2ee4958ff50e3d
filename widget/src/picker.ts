/** The widget's steps and what leads from one to the next. */

import { getPractice } from "./api";
import type { Chosen, Said, Service, Slot } from "./contract";
import { addDays } from "./dates";
import { fill, h } from "./dom";
import { failureOf, locationsFor, timesFor, wantedOf, zoneFor, type Choice, type Env } from "./env";
import { resumeHold, takeHold, type Held } from "./held";
import type { Host, Settings } from "./host";
import { dayOf, nearest } from "./slots";
import { detailsStep, type DetailsStep } from "./views/details-step";
import { detailsFrame, type DetailsFrame } from "./views/frame";
import { headView } from "./views/head";
import { failureView, loadingView, nothingFreeView } from "./views/notices";
import { servicesView } from "./views/services";
import { timeStep, type TimeStep } from "./views/time-step";
import { directionOf, localeOf, wordsIn, type PickerWords } from "./words";
import { picker as english } from "./words/en.json";

export interface Picker {
  element: HTMLElement;
  /** Tells the picker whether there is only room for a week. */
  resize(narrow: boolean): void;
}

const ALTERNATIVES = 6;
const ALTERNATIVE_DAYS = 7;

/** The visitor's zone. Engines load all about dates on their first use: the better while the server is asked. */
const ownZone = () =>
  new Promise<string>((done) => setTimeout(() => done(Intl.DateTimeFormat().resolvedOptions().timeZone)));

export function picker(settings: Settings, host: Host): Picker {
  const { server } = settings;
  const view = h("div", { class: "view" });
  const head = h("div", { class: "head" });
  const card = h("div", { class: "card", part: "card" }, h("slot"), view);
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
  /** From the first press on, the focus follows the steps. */
  let touched = false;

  async function start(): Promise<void> {
    fill(view, loadingView(words));
    try {
      const [practice, spoken, zone] = await Promise.all([
        getPractice(server),
        wordsIn(server.base, localeOf(settings.languages), "picker", english),
        ownZone(),
      ]);
      const locale = localeOf(settings.languages, practice.locale);
      words = spoken;
      host.speak(locale, directionOf(locale), words.region);
      env = {
        server,
        practice,
        words,
        locale,
        zone,
        narrow,
        announce: host.announce,
        emit: host.emit,
      };
      host.look(practice);
      if (!resume()) chooseService();
    } catch (error) {
      const known = failureOf(error);
      host.emit("error", { code: known.code });
      // Whatever comes next, the visitor has asked for it.
      touched = true;
      fill(
        view,
        failureView(words, known, () => void start()),
      );
    }
  }

  /** Shows a step: its number of three, its content, and whether the frame with the form belongs to it. */
  function show(number: number, name: string, ...content: HTMLElement[]): void {
    fill(head, ...headView(words, env.practice.name, number));
    frame?.show(false);
    fill(view, ...content);
    host.emit("step", { step: name });
    if (!touched) return;
    host.reveal();
    view.querySelector("h2")?.focus({ preventScroll: true });
  }

  function offered(): Service[] {
    const bookable = env.practice.services.filter((service) => locationsFor(env.practice, service, null).length);
    const wanted = bookable.filter((service) => service.id === settings.service);
    return wanted.length ? wanted : bookable;
  }

  function chooseService(): void {
    const [only, ...more] = offered();
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

  function choiceOf(service: Service): Choice | null {
    const { practitioner, location } = settings;
    const able = practitioner && service.practitioners.includes(practitioner) ? practitioner : null;
    const places = locationsFor(env.practice, service, able);
    const place = places.find((one) => one.id === location) ?? places[0];
    return place ? { service, practitioner: able, location: place } : null;
  }

  function chooseTime(service: Service, day: string | null, before?: Promise<void>): void {
    const mine = choice?.service === service ? choice : choiceOf(service);
    if (!mine) return;
    choice = mine;
    details = null;
    time = timeStep(
      env,
      mine,
      {
        onchangeservice: offered().length > 1 ? chooseService : null,
        onready() {
          host.emit("ready", {});
          // Not before the page itself has loaded, which would wait for the frame.
          if (document.readyState === "complete") setTimeout(preload);
          else window.addEventListener("load", preload);
        },
        onheld(taken, hold) {
          touched = true;
          fillDetails(taken, hold);
        },
      },
      day,
      before,
    );
    show(2, "time", time.element);
  }

  function preload(): DetailsFrame {
    if (!frame) {
      frame = detailsFrame(
        `${server.base}/embed/${encodeURIComponent(server.practice)}/details?lang=${env.locale}`,
        words.yourDetails,
        hear,
        () => {
          blocked = true;
          showForm();
        },
      );
      card.append(frame.element);
    }
    return frame;
  }

  function fillDetails(chosen: Slot, hold: Held | null): void {
    slot = chosen;
    held?.stop();
    held = hold;
    time = null;
    details = detailsStep(env, choice, slot, held, {
      onback: backToTime,
      onhold: (other) => void holdOther(other),
    });
    if (held) host.emit("slot", { start: slot.start, service: choice.service.id });
    show(3, "details", details.element);
    preload().send(chosenNow());
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

  function chosenNow(): Chosen {
    return {
      service: choice.service.id,
      practitioner: choice.practitioner,
      location: choice.location.id,
      start: slot.start,
      hold: held?.id ?? null,
      expires_at: held?.expiresAt() ?? null,
      lang: env.locale,
      ...host.look(env.practice),
    };
  }

  function hostedUrl(): string {
    const query = new URLSearchParams();
    const { service, practitioner, location, start, hold, expires_at } = chosenNow();
    for (const [name, value] of Object.entries({ service, practitioner, location, start, hold, expires: expires_at }))
      if (value) query.set(name, value);
    return `${server.base}/book/${encodeURIComponent(server.practice)}?${query}`;
  }

  const zone = () => zoneFor(env, choice.location);

  /** Holds a time from the details step; where it is gone, shows what else is near. */
  async function holdOther(other: Slot): Promise<void> {
    try {
      // By the server's clock it may not have ended yet, and would stand in its own way.
      await held?.release();
      fillDetails(other, await takeHold(server, wantedOf(choice), other.start, env.practice.policies.hold_minutes));
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

  function hear({ ready, error, state, reference }: Said): void {
    if (ready) showForm();
    if (state) sending = state === "sending";
    if (error) host.emit("error", { code: error });
    if (error === "slot_taken") void taken();
    if (state === "received") received(reference ?? "");
    if (state === "another") chooseService();
  }

  function received(reference: string): void {
    held?.stop();
    held = details = null;
    show(4, "received");
    frame?.show(true);
    host.emit("booked", { reference, service: choice.service.id, start: slot.start });
  }

  /** Goes on with a time that was held before this page was opened. False where there is none. */
  function resume(): boolean {
    const { start, hold, expires, left, service, practitioner } = settings;
    const found = env.practice.services.find((one) => one.id === service);
    const mine = found && choiceOf(found);
    if (!start || !mine || !Date.parse(start)) return false;
    choice = mine;
    const { timezone, id } = mine.location;
    // Both clocks count seconds, whatever they show.
    const alive = Number(left) * 1000 - performance.now();
    fillDetails(
      { start, end: start, timezone, location: id, practitioners: [] },
      hold && expires && alive > 0 ? resumeHold(server, hold, practitioner, expires, alive) : null,
    );
    host.emit("ready", {});
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
  };
}
