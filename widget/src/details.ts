/**
 * The frame `/embed/{practice}/details`: the form and the last screen. It talks to the page around it over the one
 * port that the page hands over, and says nothing there about what is typed.
 */

import { ApiError, getPractice } from "./api";
import { HANDSHAKE, type Booking, type Chosen, type Practice, type Said, type Service } from "./contract";
import { Attempt } from "./details/attempt";
import { Drafts, type Values } from "./details/draft";
import { DetailsForm } from "./details/form";
import { receiptView } from "./details/receipt";
import { problemsOf, requestOf } from "./details/request";
import { fill, h } from "./dom";
import { dress } from "./theme";
import { directionOf, put, wordsIn } from "./words";
import { details as english } from "./words/en.json";

const address = /^(.*)\/embed\/([^/]+)\/details$/.exec(location.pathname);
const server = { base: location.origin + (address?.[1] ?? ""), practice: decodeURIComponent(address?.[2] ?? "") };
const main = document.getElementById("details")!;
const drafts = new Drafts(`pencilin:${server.practice}`);
const today = () => new Date();

let port: MessagePort | null = null;
let chosen: Chosen | null = null;
let practice: Practice | null = null;
let words = english;
let shown: { form: DetailsForm; service: Service } | null = null;
let attempt = new Attempt();
let sending = false;

function say(said: Said): void {
  port?.postMessage(said);
}

async function choose(next: Chosen): Promise<void> {
  const fresh = chosen?.start !== next.start;
  chosen = next;
  const root = document.documentElement;
  dress(root, next);
  try {
    const [spoken, loaded] = await Promise.all([
      root.lang === next.lang ? words : wordsIn(server.base, next.lang, "details", english),
      practice ?? getPractice(server),
    ]);
    words = spoken;
    practice = loaded;
    root.lang = next.lang;
    root.dir = directionOf(next.lang);
  } catch {
    const again = h("button", { type: "button", class: "button", onclick: () => void choose(next) }, words.tryAgain);
    fill(main, h("div", { class: "notice", role: "alert" }, h("p", {}, words.loadFailed), again));
    return;
  }
  const service = practice.services.find((one) => one.id === next.service);
  if (!service) return;
  if (shown?.service !== service) showForm(practice, service, shown?.form.values() ?? drafts.read());
  if (fresh) {
    shown?.form.fail();
    if (document.hasFocus()) shown?.form.focus();
  }
}

function showForm(of: Practice, service: Service, values: Values): void {
  const form = new DetailsForm(
    words,
    of,
    service,
    values,
    () => void send(of, service, form),
    (typed) => drafts.write(typed),
  );
  shown = { form, service };
  fill(main, form.element);
  say({ state: "filling" });
}

async function send(of: Practice, service: Service, form: DetailsForm): Promise<void> {
  if (sending || !chosen) return;
  const values = form.values();
  form.fail();
  const problems = problemsOf(words, values, service.questions, today());
  form.show(problems);
  if (Object.keys(problems).length) return;
  sending = true;
  form.sending(true);
  say({ state: "sending" });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    const body = JSON.stringify(requestOf(values, chosen, service.questions, zone, today()));
    received(of, service, await attempt.send(server, body), values);
  } catch (error) {
    say({ state: "filling" });
    refused(of, form, error);
  } finally {
    sending = false;
    form.sending(false);
  }
}

function refused(of: Practice, form: DetailsForm, error: unknown): void {
  const code = error instanceof ApiError ? error.code : "error";
  const phone = of.contact.phone;
  say({ error: code });
  if (error instanceof ApiError && Object.keys(error.fields).length) form.show(error.fields);
  else if (code !== "slot_taken") {
    const reason = code === "offline" ? words.offline : code === "slow_down" ? words.busy : words.failed;
    form.fail(put(reason, { practice: of.name }), phone && ` ${put(words.orCall, { phone })}`);
  }
}

function received(of: Practice, service: Service, booking: Booking, values: Values): void {
  drafts.clear();
  shown = null;
  attempt = new Attempt();
  const onanother = () => {
    const { note: _, returning: __, consent: ___, ...kept } = values;
    const contact = Object.fromEntries(Object.entries(kept).filter(([name]) => !name.startsWith("answers.")));
    drafts.write(contact);
    fill(main, h("p", { class: "hint" }, words.wait));
    say({ state: "another" });
  };
  const locale = chosen?.lang ?? "en";
  const email = values["client.email"] ?? "";
  fill(main, receiptView({ words, practice: of, service, booking, email, locale, onanother }));
  main.querySelector("h1")?.focus();
  say({ state: "received", reference: booking.reference });
}

function listen(): void {
  window.addEventListener("message", (event) => {
    const [given] = event.ports;
    if (event.source !== window.parent || event.data !== HANDSHAKE || !given) return;
    port?.close();
    port = given;
    port.onmessage = (message: MessageEvent<Chosen>) => void choose(message.data);
    say({ ready: true, height: main.offsetHeight });
  });
  new ResizeObserver(() => say({ height: main.offsetHeight })).observe(main);
  // Loads while the visitor still looks at the calendar; a failure is met again, and shown, when it is needed.
  getPractice(server).then(
    (loaded) => {
      practice ??= loaded;
    },
    () => undefined,
  );
}

if (window.parent !== window) {
  fill(main, h("p", { class: "hint" }, words.wait));
  listen();
}
