/** The widget's steps and what leads from one to the next. */

import { ApiError, getPractice, type Server } from "./api";
import type { Chosen, Practice, Said, Service, Slot } from "./contract";
import { addDays, dayIn } from "./dates";
import { fill, h } from "./dom";
import { locationsFor, type Choice, type Env } from "./env";
import { Held } from "./held";
import { dayOf, nearest } from "./slots";
import { LANGUAGE, picker as words } from "./strings";
import { Times } from "./times";
import { DetailsStep } from "./views/details-step";
import { DetailsFrame } from "./views/frame";
import { failureView, loadingView } from "./views/notices";
import { servicesView } from "./views/services";
import { TimeStep } from "./views/time-step";

/** What the snippet says, all of it optional but the server. */
export interface Settings {
  server: Server;
  service: string | null;
  practitioner: string | null;
  location: string | null;
  lang: string;
  /** A time that is held already: the hosted page goes on where a host page could not. */
  start: string | null;
  hold: string | null;
  expires: string | null;
}

export interface Look {
  theme: "light" | "dark";
  accent: string;
  font: string;
  radius: string;
}

/** What the element gives the picker. */
export interface Host {
  announce(text: string): void;
  emit(name: string, detail: Record<string, string>): void;
  /** The practice's own accent counts where the page names none. */
  look(practice: Practice): Look;
  /** Brings the top of the widget into view, if it is above. */
  reveal(): void;
}

const ALTERNATIVES = 6;

export class Picker {
  readonly element = h("div", { class: "body" });
  private readonly view = h("div", { class: "view" });
  private readonly head = h("div", { class: "head" });
  private env: Env | null = null;
  private frame: DetailsFrame | null = null;
  private step: TimeStep | DetailsStep | null = null;
  private choice: Choice | null = null;
  private slot: Slot | null = null;
  private held: Held | null = null;
  private blocked = false;
  private narrow = true;
  /** From the first press on, the focus follows the steps. */
  private touched = false;

  constructor(
    private readonly settings: Settings,
    private readonly host: Host,
  ) {
    fill(this.element, this.head, h("div", { class: "card", part: "card" }, this.view));
  }

  async start(): Promise<void> {
    fill(this.view, loadingView());
    try {
      const practice = await getPractice(this.settings.server);
      const language = practice.locale.toLowerCase().startsWith(LANGUAGE) ? practice.locale : LANGUAGE;
      this.env = {
        server: this.settings.server,
        practice,
        locale: language,
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        narrow: this.narrow,
        announce: (text) => this.host.announce(text),
        emit: (name, detail) => this.host.emit(name, detail),
      };
      this.host.look(practice);
      if (!(await this.resume(this.env))) this.first(this.env);
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError("error", 0, "", {}, []);
      this.host.emit("error", { code: known.code });
      fill(this.view, failureView(known, () => void this.start()));
    }
  }

  /** Tells the picker how wide it is. */
  resize(narrow: boolean): void {
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    if (this.env) this.env.narrow = narrow;
    if (this.step instanceof TimeStep) this.step.relayout();
  }

  private services(env: Env): Service[] {
    const offered = env.practice.services.filter((service) => locationsFor(env.practice, service, null).length);
    const wanted = offered.filter((service) => service.id === this.settings.service);
    return wanted.length ? wanted : offered;
  }

  private first(env: Env): void {
    const services = this.services(env);
    if (services.length === 1) {
      this.chooseTime(env, services[0]!, null);
      return;
    }
    this.drawHead(env, 1);
    this.step = null;
    this.frame?.show(false);
    fill(
      this.view,
      servicesView(services, (service) => {
        this.touched = true;
        this.chooseTime(env, service, null);
      }),
    );
    this.host.emit("ready", {});
    this.host.emit("step", { step: "service" });
    this.focusHeading();
  }

  private choiceOf(env: Env, service: Service): Choice | null {
    const { practitioner, location } = this.settings;
    const able = practitioner && service.practitioners.includes(practitioner) ? practitioner : null;
    const places = locationsFor(env.practice, service, able);
    const place = places.find((one) => one.id === location) ?? places[0];
    return place ? { service, practitioner: able, location: place } : null;
  }

  private chooseTime(env: Env, service: Service, day: string | null): void {
    const choice = this.choice?.service === service ? this.choice : this.choiceOf(env, service);
    if (!choice) return;
    this.choice = choice;
    this.drawHead(env, 2);
    this.frame?.show(false);
    const several = this.services(env).length > 1;
    const step = new TimeStep(
      env,
      choice,
      {
        onchangeservice: several ? () => this.first(env) : null,
        onready: () => {
          this.host.emit("ready", {});
          this.preload(env);
        },
        onheld: (slot, held) => {
          this.touched = true;
          this.host.emit("slot", { start: slot.start, service: choice.service.id });
          this.fillDetails(env, choice, slot, held);
        },
      },
      day,
    );
    this.step = step;
    fill(this.view, step.element);
    this.host.emit("step", { step: "time" });
    this.focusHeading();
  }

  private focusHeading(): void {
    if (!this.touched) return;
    this.host.reveal();
    this.view.querySelector("h2")?.focus({ preventScroll: true });
  }

  private preload(env: Env): DetailsFrame {
    if (!this.frame) {
      const { base, practice } = env.server;
      this.frame = new DetailsFrame(
        `${base}/embed/${encodeURIComponent(practice)}/details`,
        words.yourDetails,
        (said) => this.hear(env, said),
        () => {
          this.blocked = true;
          this.showForm(env);
        },
      );
      this.element.querySelector(".card")?.append(this.frame.element);
      this.frame.load();
    }
    return this.frame;
  }

  private fillDetails(env: Env, choice: Choice, slot: Slot, held: Held | null): void {
    this.slot = slot;
    this.held?.stop();
    this.held = held;
    this.drawHead(env, 3);
    const step = new DetailsStep(env, choice, slot, held, {
      onback: () => {
        this.held?.release();
        this.held = null;
        this.chooseTime(env, choice.service, dayOf(slot));
      },
      onholdagain: () => void this.hold(env, choice, slot),
      onpickother: (other) => void this.hold(env, choice, other),
    });
    this.step = step;
    fill(this.view, step.element);
    this.preload(env).send(this.chosen(env, choice, slot));
    this.host.emit("step", { step: "details" });
    this.host.reveal();
    this.showForm(env);
  }

  private showForm(env: Env): void {
    const { frame, step } = this;
    if (!(step instanceof DetailsStep) || !frame) return;
    frame.show(frame.isReady);
    if (frame.isReady) {
      step.formShown();
      frame.focus();
    } else if (this.blocked) step.blocked(this.hostedUrl(env));
    else step.waiting();
  }

  private chosen(env: Env, choice: Choice, slot: Slot): Chosen {
    return {
      service: choice.service.id,
      practitioner: choice.practitioner,
      location: choice.location.id,
      start: slot.start,
      hold: this.held?.id ?? null,
      expires_at: this.held?.expiresAt ?? null,
      lang: LANGUAGE,
      ...this.host.look(env.practice),
    };
  }

  private hostedUrl(env: Env): string {
    const { choice, slot, held } = this;
    const query = new URLSearchParams();
    if (choice && slot) {
      query.set("service", choice.service.id);
      if (choice.practitioner) query.set("practitioner", choice.practitioner);
      query.set("location", choice.location.id);
      query.set("start", slot.start);
    }
    if (held) {
      query.set("hold", held.id);
      query.set("expires", held.expiresAt);
    }
    return `${env.server.base}/book/${encodeURIComponent(env.server.practice)}?${query}`;
  }

  /** Holds a time from the details step; where it is gone, shows what else is near. */
  private async hold(env: Env, choice: Choice, slot: Slot): Promise<void> {
    const wanted = { service: choice.service.id, practitioner: choice.practitioner, location: choice.location.id };
    try {
      const held = await Held.take(env.server, wanted, slot.start, env.practice.policies.hold_minutes);
      this.host.emit("slot", { start: slot.start, service: choice.service.id });
      this.fillDetails(env, choice, slot, held);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "error";
      this.host.emit("error", { code });
      if (code === "slot_taken") await this.taken(env);
      else this.host.announce(words.holdFailed);
    }
  }

  private async taken(env: Env): Promise<void> {
    const { choice, slot, step } = this;
    if (!choice || !slot || !(step instanceof DetailsStep)) return;
    this.frame?.show(false);
    const zone = choice.location.timezone;
    const today = dayIn(new Date(), zone);
    const wanted = { service: choice.service.id, practitioner: choice.practitioner, location: choice.location.id };
    const times = new Times(env.server, wanted, today, addDays(today, env.practice.policies.horizon_days));
    await times.load(dayOf(slot), addDays(dayOf(slot), 7)).catch(() => undefined);
    this.host.reveal();
    step.taken(nearest(times.all(), slot.start, ALTERNATIVES));
  }

  private hear(env: Env, said: Said): void {
    if (said.ready) this.showForm(env);
    if (said.error) {
      this.host.emit("error", { code: said.error });
      if (said.error === "slot_taken") void this.taken(env);
    }
    if (said.state === "received") this.received(env, said.reference ?? "");
    if (said.state === "another") {
      this.slot = null;
      this.first(env);
    }
  }

  private received(env: Env, reference: string): void {
    this.held?.stop();
    this.held = null;
    this.step = null;
    fill(this.view);
    this.drawHead(env, 4);
    this.host.reveal();
    this.host.emit("step", { step: "received" });
    if (this.choice && this.slot)
      this.host.emit("booked", { reference, service: this.choice.service.id, start: this.slot.start });
  }

  /** Goes on with a time that was held before this page was opened. False where there is none. */
  private async resume(env: Env): Promise<boolean> {
    const { start, hold, expires, service } = this.settings;
    const found = env.practice.services.find((one) => one.id === service);
    const choice = found && this.choiceOf(env, found);
    if (!start || !choice || Number.isNaN(Date.parse(start))) return false;
    const end = new Date(Date.parse(start) + choice.service.minutes * 60_000).toISOString();
    const slot: Slot = { start, end, timezone: choice.location.timezone, location: choice.location.id, practitioners: [] };
    this.choice = choice;
    const alive = hold && expires && Date.parse(expires) > Date.now();
    this.fillDetails(env, choice, slot, alive ? Held.resume(env.server, hold, choice.practitioner, expires) : null);
    this.host.emit("ready", {});
    return true;
  }

  private drawHead(env: Env, current: number): void {
    const steps = [words.stepService, words.stepTime, words.stepDetails];
    fill(
      this.head,
      h("p", { class: "practice" }, env.practice.name),
      h(
        "ol",
        { class: "steps", "aria-label": words.steps },
        ...steps.map((name, index) =>
          h(
            "li",
            { class: index + 1 < current ? "done" : null, "aria-current": index + 1 === current ? "step" : null },
            h("span", { class: "number" }, String(index + 1)),
            ` ${name}`,
          ),
        ),
      ),
    );
  }
}
