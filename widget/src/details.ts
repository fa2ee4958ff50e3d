/**
 * The frame `/embed/{practice}/details`: the form and the last screen. It talks to the page around it over the one
 * port that the page hands over, and says nothing there about what is typed.
 */

import { ApiError, correctAddress, getPractice } from "./api";
import { HANDSHAKE, type Booking, type Chosen, type Deep, type Look, type Practice, type Said, type Service } from "./contract";
import { Attempt } from "./details/attempt";
import { Drafts, type Values } from "./details/draft";
import { DetailsForm } from "./details/form";
import { Trail } from "./details/trail";
import { receiptView } from "./details/receipt";
import { inReadersWords, problemsOf, requestOf } from "./details/request";
import { fill, h } from "./dom";
import { dress } from "./theme";
import { directionOf, englishCities, put, wordsIn, type DetailsWords } from "./words";
import { details } from "./words/en.json";

const address = /^(.*)\/embed\/([^/]+)\/details$/.exec(location.pathname);
const server = { base: location.origin + (address?.[1] ?? ""), practice: decodeURIComponent(address?.[2] ?? "") };
const main = document.getElementById("details")!;
const drafts = new Drafts(`pencilin:${server.practice}`);
/** After this long without an answer it says that it is still trying. */
const LONG_MS = 5_000;

let port: MessagePort | null = null;
/** The origin of the page around this frame; "null" for one that has none. */
let site = "";
let chosen: Chosen | null = null;
/** It is another time than the form was last shown for. */
let fresh = false;
/** The page gives the focus to this frame, and the form's heading shall have it as soon as it is here. */
let awaited = false;
let practice: Practice | null = null;
const english: DetailsWords = { ...details, ...englishCities };
let words = english;
let spoken = { locale: "en", words: Promise.resolve(words) };
let shown: { form: DetailsForm; service: Service } | null = null;
const earlier = drafts.read();
let attempt = new Attempt(earlier.tried, (tried) => drafts.keep(tried));
/** All that was typed, for other services too, and whether that was before this page was loaded. */
let typed = earlier.values;
let restored = Object.keys(typed).length > 0;
let sending = false;
/** The last screen is shown. */
let booked = false;
const trail = new Trail((depth) => say({ depth }));
/** Sends by itself as soon as there is a network again. */
let waiting = false;

function say(said: Said): void {
  port?.postMessage(said);
}

/** Null: the visitor has gone back, and what is typed stays for the next time. */
async function choose(next: Chosen | null): Promise<void> {
  if (chosen?.start !== next?.start) {
    fresh = true;
    waiting = false;
  }
  chosen = next;
  if (!next) return;
  const root = document.documentElement;
  dress(root, next);
  try {
    const [loaded] = await Promise.all([practice ?? getPractice(server), speak(next.lang)]);
    practice ??= loaded;
    // Something else was chosen meanwhile, and may be shown already.
    if (chosen !== next) return;
    root.lang = next.lang;
    root.dir = directionOf(next.lang);
  } catch {
    if (chosen !== next) return;
    const again = h("button", { type: "button", class: "button", onclick: () => void choose(next) }, words.tryAgain);
    fill(main, h("div", { class: "notice", role: "alert" }, h("p", {}, words.loadFailed), again));
    return;
  }
  const service = practice.services.find((one) => one.id === next.service);
  if (!service) return;
  if (shown?.service !== service) showForm(practice, service);
  if (fresh) {
    fresh = false;
    shown?.form.fail();
    awaited = !document.hasFocus();
    if (!awaited) shown?.form.focus();
  }
}

/** Fetches the words of a language unless they are here, or on their way. */
async function speak(locale: string): Promise<void> {
  if (spoken.locale !== locale) spoken = { locale, words: wordsIn(server.base, locale, english, "details") };
  words = await spoken.words;
}

function showForm(of: Practice, service: Service): void {
  const form = new DetailsForm(
    words,
    of,
    service,
    typed,
    restored,
    () => void send(of, service, form),
    (values) => {
      typed = { ...typed, ...values };
      drafts.write(typed);
      // Whoever goes on typing isn't done, and presses again.
      if (waiting) form.fail(put(words.offline, { practice: of.name }));
      waiting = false;
    },
  );
  shown = { form, service };
  booked = false;
  fill(main, form.element);
  say({ state: "filling" });
}

// The page's message may be faster than the focus is.
window.addEventListener("focus", () => {
  if (awaited && document.activeElement === document.body) shown?.form.focus();
  awaited = false;
});

window.addEventListener("online", () => {
  if (waiting && shown && practice) void send(practice, shown.service, shown.form);
});

async function send(of: Practice, service: Service, form: DetailsForm): Promise<void> {
  if (sending || !chosen) return;
  const values = form.values();
  form.fail();
  const problems = problemsOf(words, values, chosen, service.questions, of.asks);
  form.show(problems);
  if (Object.keys(problems).length) return;
  waiting = false;
  sending = true;
  form.sending(true);
  say({ state: "sending" });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const long = setTimeout(() => form.wait(words.stillTrying), LONG_MS);
  try {
    const body = JSON.stringify(requestOf(values, chosen, service.questions, zone, site));
    const [booking, sent] = await attempt.send(server, body);
    const made = JSON.parse(sent) as { service: string; client: { email: string } };
    received(of, of.services.find((one) => one.id === made.service) ?? service, booking, made.client.email, values);
  } catch (error) {
    say({ state: "filling" });
    refused(of, form, error);
  } finally {
    clearTimeout(long);
    sending = false;
    form.sending(false);
  }
}

function refused(of: Practice, form: DetailsForm, error: unknown): void {
  const code = error instanceof ApiError ? error.code : "error";
  const phone = of.contact.phone;
  say({ error: code });
  form.fail();
  if (error instanceof ApiError && Object.keys(error.fields).length) form.show(inReadersWords(words, error.fields, chosen?.lang ?? ""));
  else if (code === "offline" && !navigator.onLine) {
    waiting = true;
    form.wait(words.noNetwork);
  } else if (code !== "slot_taken") {
    const reason = code === "offline" ? words.offline : code === "slow_down" ? words.busy : words.failed;
    form.fail(put(reason, { practice: of.name }), phone && ` ${put(words.orCall, { phone })}`);
  }
}

/** Only the server's 201 leads here. */
function received(of: Practice, service: Service, booking: Booking, email: string, values: Values): void {
  const { key } = attempt;
  drafts.clear();
  shown = null;
  booked = true;
  typed = {};
  restored = false;
  attempt = new Attempt(null, (tried) => drafts.keep(tried));
  const onanother = () => {
    const { note: _, returning: __, consent: ___, ...kept } = values;
    typed = Object.fromEntries(Object.entries(kept).filter(([name]) => !name.startsWith("answers.")));
    drafts.write(typed);
    fill(main, h("p", { class: "hint" }, words.wait));
    say({ state: "another" });
  };
  const oncorrect = async (email: string) => {
    await correctAddress(server, key, booking.manage_url, email);
    values["client.email"] = email;
  };
  const locale = chosen?.lang ?? "en";
  fill(main, receiptView({ words, practice: of, service, booking, email, locale, onanother, oncorrect }));
  main.querySelector("h1")?.focus();
  say({ state: "received", reference: booking.reference, service: service.id, start: booking.start });
}

function listen(): void {
  window.addEventListener("message", (event) => {
    const [given] = event.ports;
    if (event.source !== window.parent || event.data !== HANDSHAKE || !given) return;
    port?.close();
    port = given;
    site = event.origin;
    port.onmessage = ({ data }: MessageEvent<Chosen | Look | Deep | null>) => {
      if (data && "depth" in data) trail.go(data.depth);
      else if (data && !("service" in data)) dress(document.documentElement, data);
      else void choose(data);
    };
    say({ ready: true, height: main.offsetHeight, ...(booked ? {} : { state: "filling" }) });
  });
  // Whoever presses something sees it already; a label gives the focus on after its click, which its control's follows.
  let pressed = false;
  const press = ({ type, target }: Event) => {
    pressed = type === "pointerdown" || (type === "click" && !!(target as Element).closest("label"));
  };
  for (const type of ["pointerdown", "click", "keydown"]) document.addEventListener(type, press, true);
  // Which radio button of a field has the focus, and through how many it went, is nobody's business.
  let last: Element | null = null;
  window.addEventListener("blur", () => (last = null));
  document.addEventListener("focusin", ({ target }) => {
    const box = (target as Element).closest(".group,.field-box") ?? (target as Element);
    const { top, bottom } = box.getBoundingClientRect();
    if (!pressed && box !== last) say({ focus: [top, bottom] });
    last = box;
  });
  document.addEventListener("keydown", ({ key, isComposing }) => {
    if (key === "Escape" && !isComposing) say({ escape: true });
  });
  new ResizeObserver(() => say({ height: main.offsetHeight })).observe(main);
  // Loads while the visitor still looks at the calendar; a failure is met again, and shown, when it is needed.
  void speak(document.documentElement.lang);
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
