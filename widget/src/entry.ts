/** `widget.js`: defines the element, then turns links and script tags of the page into it. */

import { tell } from "./console";
import { opens } from "./opener";
import { PencilinBooking, serverOf, setOwnBase } from "./element";

const NAME = "pencilin-booking";
/** Attributes of a snippet that are the element's own, without `data-`. */
const SETTINGS = ["service", "practitioner", "location", "lang", "theme", "accent", "mode", "label"];
/** Changes of the page are followed no more often than this: links that came, colours that faded into others. */
const SETTLED_MS = 300;

function make(source: HTMLElement, place: Record<string, string>): PencilinBooking {
  const element = document.createElement(NAME) as PencilinBooking;
  for (const name of SETTINGS) {
    const value = source.dataset[name];
    if (value) element.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(place)) element.setAttribute(name, value);
  return element;
}

const known = new WeakSet<Element>();

/**
 * Puts the widget where a link is, and the link inside it: it serves until there is something to press. A link that is
 * to open a dialog itself stays as it is.
 */
function upgrade(link: HTMLAnchorElement): void {
  if (known.has(link) || link.closest(NAME)) return;
  known.add(link);
  const mode = link.dataset["pencilin"] || "dialog";
  if (!serverOf(link.href)) return;
  const element = make(link, { href: link.href, mode });
  if (mode === "dialog") {
    element.owner = link;
    link.setAttribute("aria-haspopup", "dialog");
    opens(link, () => element.open(link));
    return;
  }
  if (!link.dataset["label"]) element.setAttribute("label", link.textContent ?? "");
  link.replaceWith(element);
  element.append(link);
}

function upgradeAll(): void {
  document.querySelectorAll<HTMLAnchorElement>("a[data-pencilin]").forEach(upgrade);
}

/** Its colours are still on their way: on a slow phone, or in a page that takes its time. */
function fades(element: Element): boolean {
  return !!element.getAnimations?.().some((one) => one instanceof CSSTransition);
}

/** Single-page sites and consent tools bring links later; pages turn dark by a class, a style, or with the system. */
function watch(): void {
  // Links that the parser has reached after the script.
  upgradeAll();
  let timer = 0;
  const later = () => {
    timer ||= window.setTimeout(() => {
      timer = 0;
      upgradeAll();
      document.querySelectorAll<PencilinBooking>(NAME).forEach((one) => one.relook());
      if (fades(document.documentElement) || fades(document.body)) later();
    }, SETTLED_MS);
  };
  const observer = new MutationObserver(later);
  observer.observe(document, { childList: true, subtree: true });
  for (const one of [document.documentElement, document.body]) observer.observe(one, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
}

/** The script alone, with `data-practice`: the widget goes where the tag stands, or to `data-target`. */
function place(script: HTMLScriptElement): void {
  const { practice, target } = script.dataset;
  if (!practice) return;
  const base = baseOf(script);
  const element = make(script, base ? { href: `${base}/book/${encodeURIComponent(practice)}` } : { practice });
  const here = () => (script.closest("body") ? script.after(element) : document.body.append(element));
  if (!target && script.closest("body")) return here();
  whenParsed(() => {
    let found: Element | null = null;
    try {
      found = document.querySelector(target ?? "");
    } catch {
      // No selector, so nothing is there.
    }
    if (found) return found.append(element);
    here();
    if (target) tell(`nothing here is ${target}; the widget is where its script is`);
  });
}

function whenParsed(act: () => void): void {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act, { once: true });
  else act();
}

/** The server of `…/widget.js`, or of a pinned `…/widget/0.2.0/1f….js`. */
function baseOf(script: HTMLScriptElement): string {
  return script.src.replace(/\/widget(\/[^/]+\/)?[^/]*\.js.*$/, "");
}

// A browser that is too old for any of this doesn't get here: it can't read the script, and links stay links.
const script = document.currentScript as HTMLScriptElement | null;
if (!customElements.get(NAME)) {
  if (script) setOwnBase(baseOf(script));
  customElements.define(NAME, PencilinBooking);
  upgradeAll();
  whenParsed(watch);
}
if (script) place(script);
