/** `<pencilin-booking>`: the custom element. Attributes in, events out; everything else is in its shadow root. */

import type { Practice } from "./contract";
import { h } from "./dom";
import type { Look } from "./host";
import { picker, type Picker } from "./picker";
import { dress, themeBehind } from "./theme";
import tokens from "./tokens.shadow.css";
import controls from "./controls.shadow.css";
import sheet from "./picker.shadow.css";
import times from "./times.shadow.css";

/** From these widths on: a month instead of a week; times beside the month. */
const MONTH_PX = 480;
const BESIDE_PX = 680;

/** Where the script itself came from; empty where an optimiser has copied it into the page. */
let ownBase = "";

/** Remembers the server that the script came from, for elements that name only a practice. */
export function setOwnBase(base: string): void {
  ownBase = base;
}

/** Server and practice from the address of a hosted page, `…/book/willow`; null for anything else. */
export function serverOf(href: string): { base: string; practice: string } | null {
  let url: URL;
  try {
    url = new URL(href, document.baseURI);
  } catch {
    return null;
  }
  const match = /^(.*)\/book\/([^/]+)\/?$/.exec(url.pathname);
  if (!match || !/^https?:$/.test(url.protocol)) return null;
  return { base: url.origin + match[1], practice: decodeURIComponent(match[2]!) };
}

export class PencilinBooking extends HTMLElement {
  private picker: Picker | null = null;
  private readonly root = h("div", {
    class: "pencilin root",
    role: "region",
  });
  private readonly watcher = new ResizeObserver(() => this.measure());

  static readonly observedAttributes = ["href", "practice"];

  /** Frameworks may set attributes after they have put the element in place. */
  attributeChangedCallback(): void {
    if (this.isConnected && !this.picker) this.build();
  }

  connectedCallback(): void {
    this.watcher.observe(this);
    if (!this.picker) this.build();
  }

  disconnectedCallback(): void {
    this.watcher.disconnect();
  }

  private build(): void {
    const href = this.getAttribute("href");
    const practice = this.getAttribute("practice");
    const server = href ? serverOf(href) : practice && ownBase ? { base: ownBase, practice } : null;
    if (!server) return;
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const live = h("p", { class: "unseen", role: "status" });
    this.picker = picker(
      {
        server,
        languages: [this.closest("[lang]")?.getAttribute("lang") ?? "", ...navigator.languages],
        service: this.getAttribute("service"),
        practitioner: this.getAttribute("practitioner"),
        location: this.getAttribute("location"),
        start: this.getAttribute("start"),
        hold: this.getAttribute("hold"),
        expires: this.getAttribute("expires"),
        left: this.getAttribute("left"),
      },
      {
        announce: (text) => {
          live.textContent = text;
        },
        emit: (name, detail) => this.emit(name, detail),
        speak: (lang, dir, name) => {
          for (const [attribute, value] of Object.entries({ lang, dir, "aria-label": name }))
            this.root.setAttribute(attribute, value);
        },
        look: (of) => this.look(of),
        reveal: () => {
          if (this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
        },
      },
    );
    style(shadow);
    this.root.append(this.picker.element, live);
    shadow.append(this.root);
    this.look(null);
    this.measure();
  }

  private measure(): void {
    const width = this.clientWidth;
    if (!width) return;
    this.root.dataset["width"] = width < MONTH_PX ? "small" : width < BESIDE_PX ? "middle" : "large";
    this.picker?.resize(width < MONTH_PX);
  }

  private emit(name: string, detail: Record<string, string>): void {
    // The host page's own link has served until now.
    if (name === "ready") this.textContent = "";
    this.dispatchEvent(new CustomEvent(`pencilin:${name}`, { detail, bubbles: true, composed: true }));
  }

  private look(practice: Practice | null): Look {
    const style = getComputedStyle(this);
    // A string again, whatever an old library has made of `trim`: one that is an object is never empty.
    const property = (name: string) => String(style.getPropertyValue(`--pencilin-${name}`).trim());
    const wish = this.getAttribute("theme");
    const look: Look = {
      theme: wish === "light" || wish === "dark" ? wish : themeBehind(this),
      accent: this.getAttribute("accent") ?? (property("accent") || practice?.theme?.accent || ""),
      font: property("font") || style.fontFamily,
      radius: property("radius"),
    };
    dress(this.root, look);
    return look;
  }
}

function style(shadow: ShadowRoot): void {
  const text = tokens + controls + sheet + times;
  if ("adoptedStyleSheets" in shadow && "replaceSync" in CSSStyleSheet.prototype) {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    shadow.adoptedStyleSheets = [made];
  } else shadow.append(h("style", {}, text));
}
