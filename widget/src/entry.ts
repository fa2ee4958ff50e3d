/** `widget.js`: defines the element, then turns links and script tags of the page into it. */

import { PencilinBooking, serverOf, setOwnBase } from "./element";

const NAME = "pencilin-booking";
/** Attributes of a snippet that are the element's own, without `data-`. */
const SETTINGS = ["service", "practitioner", "location", "lang", "theme", "accent"];

function make(source: HTMLElement, place: Record<string, string>): HTMLElement {
  const element = document.createElement(NAME);
  for (const name of SETTINGS) {
    const value = source.dataset[name];
    if (value) element.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(place)) element.setAttribute(name, value);
  return element;
}

/** Puts the widget where a link is, and the link inside it: it serves until there is something to press. */
function upgrade(link: HTMLAnchorElement): void {
  if (link.closest(NAME) || !serverOf(link.href)) return;
  const element = make(link, { href: link.href });
  link.replaceWith(element);
  element.append(link);
}

function upgradeAll(): void {
  document.querySelectorAll<HTMLAnchorElement>('a[data-pencilin="inline"]').forEach(upgrade);
}

/** The script alone, with `data-practice`: the widget goes where the tag stands, or to `data-target`. */
function place(script: HTMLScriptElement): void {
  const { practice, mode, target } = script.dataset;
  if (!practice || (mode && mode !== "inline")) return;
  const element = make(script, { href: `${baseOf(script)}/book/${encodeURIComponent(practice)}` });
  if (!target && !script.closest("head")) script.after(element);
  else whenParsed(() => (target ? document.querySelector(target) : document.body)?.append(element));
}

function whenParsed(act: () => void): void {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act, { once: true });
  else act();
}

/** The server of `…/widget.js`, or of a pinned `…/widget/0.2.0/1f….js`. */
function baseOf(script: HTMLScriptElement): string {
  return script.src.replace(/\/widget(\/[^/]+\/)?[^/]*\.js.*$/, "");
}

const script = document.currentScript;
const ours = script instanceof HTMLScriptElement && script.src ? script : null;
if (ours) setOwnBase(baseOf(ours));
if (!customElements.get(NAME)) customElements.define(NAME, PencilinBooking);

if (ours) place(ours);
upgradeAll();
whenParsed(upgradeAll);
