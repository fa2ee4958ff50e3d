/** The widget's steps and what leads from one to the next. */

import { hostedPage } from "./api";
import { tellFailure } from "./console";
import type { Service, Slot } from "./contract";
import type { Day } from "./dates";
import { fill, h } from "./dom";
import { failureOf, timesFor, zoneFor, type Choice, type Env } from "./env";
import type { Host, Settings } from "./host";
import { later } from "./load-later";
import { opening } from "./opening";
import { dayOf } from "./slots";
import type { ThirdStep } from "./third-step";
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
  /** The dialog around it is open, or closed. */
  opened(is: boolean): void;
  /** One step back. False where there is none to go back to inside. */
  back(): boolean;
  /** Gives back what is held: a page that is loaded again, or another widget, would find it in its own way. */
  leave(): void;
}

export function picker(settings: Settings, host: Host): Picker {
  const { server, wish } = settings;
  const view = h("div", { class: "view" });
  const head = h("div", { class: "head" });
  const card = h("div", { class: "card", part: "card" }, view);
  let env: Env;
  let words: PickerWords = english;
  let narrow = true;
  let time: TimeStep | null = null;
  let third: ThirdStep | null = null;
  let choice: Choice;
  /** The step that is shown, and the one that the visitor began with: Back leads there, and then out of the page. */
  let shown = 0;
  let first = 0;
  let turn = 0;
  /** The dialog counts as a step, and nothing counts while it is closed. */
  const outer = settings.asked ? 1 : 0;
  let open = true;
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
      if (outer) preloadQuietly();
    } catch (error) {
      const known = failureOf(error);
      host.emit("error", { code: known.code });
      // Whatever comes next, the visitor has asked for it.
      touched = true;
      tellFailure(server, known.status);
      fill(view, failureView(words, known, () => void start(), hostedPage(server)));
    }
  }

  /** Shows a step: its number of three, and its content. */
  function show(number: number, name: string, ...content: HTMLElement[]): void {
    time = null;
    turn++;
    fill(head, ...headView(words, env.practice.name, number));
    fill(view, ...content);
    host.emit("step", { step: name });
    shown = number;
    first = number > 3 ? 0 : Math.min(number, first || number);
    third?.aside();
    tellDepth();
    if (!touched) return;
    host.reveal();
    view.querySelector("h2")?.focus({ preventScroll: true });
  }

  /** The visitor goes on. What is returned says whether that is still the last that they did. */
  function begin(): () => boolean {
    const mine = ++turn;
    return () => mine === turn;
  }

  const depth = () => outer + (first && shown - first);
  const tellDepth = () => third?.deep(open ? depth() : 0);

  function back(day: Day | null, depth: number): void {
    if (depth < outer) host.close();
    else if (first + depth - outer > 1) chooseTime(choice.service, day);
    else chooseService();
  }

  function chooseService(): void {
    const [only, ...more] = offered(env.practice, wish);
    void third?.letGo();
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

  function chooseTime(service: Service, day: Day | null): void {
    const mine = choice?.service === service ? choice : choiceOf(env.practice, wish, service);
    if (!mine) return;
    choice = mine;
    const step = timeStep(
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
        onfilter: begin,
        onpick(picked) {
          touched = true;
          return withPart(picked, (third) => third.hold({ ...mine }, picked));
        },
      },
      day,
      third?.letGo(),
    );
    show(2, "time", step.element);
    time = step;
  }

  /** The form, and what stands above it, come while the visitor looks at the times. */
  async function preload(): Promise<ThirdStep> {
    const part = await later(server.base, card);
    env.words = words = { ...part.words, ...words };
    if (third) return third;
    third = part.thirdStep(env, host, card, { show, begin, back, chooseService, timesFor });
    tellDepth();
    return third;
  }

  const preloadQuietly = () => void preload().catch(() => undefined);

  /** Goes on from a chosen time; where the second part can't be had, the hosted page does. */
  async function withPart(picked: Slot, act: (third: ThirdStep) => Promise<void> | void): Promise<void> {
    const current = begin();
    let ready: ThirdStep;
    try {
      ready = await preload();
    } catch {
      if (!current()) return;
      const code = navigator.onLine ? "failed" : "offline";
      const day = dayOf(picked, zoneFor(env, choice.location));
      const again = () => void withPart(picked, act).catch(() => chooseTime(choice.service, day));
      const hosted = handOver(server, chosen(choice, picked, null));
      fill(view, failureView(words, { code, status: 0 }, again, hosted, env.practice.contact));
      // The hosted page listens, and goes on without the widget.
      host.emit("error", { code });
      return;
    }
    if (current()) await act(ready);
  }

  /** Goes on with a time that was chosen, and held, before this page was opened. False where there is none. */
  function resume(): boolean {
    const given = handedOver(env.practice, wish);
    if (!given) return false;
    choice = given.choice;
    void withPart(given.slot, (third) => {
      third.resume(given);
      host.emit("ready", {});
    });
    return true;
  }

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
      third?.relook();
    },
    opened(is) {
      open = is;
      tellDepth();
    },
    back() {
      const inside = depth() > 1;
      if (inside) third?.back(depth() - 1);
      return inside && !!third;
    },
    leave() {
      // A hold that is still on its way is given back when it comes.
      turn++;
      third?.leave();
    },
  };
}
