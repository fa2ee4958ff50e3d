/** `<pencilin-booking>`: the custom element. Attributes in, events out; everything else is in its shadow root. */

import { hostedPage, type Server } from "./api";
import { tell } from "./console";
import type { Look, Practice } from "./contract";
import type { Dialog } from "./dialog";
import { h } from "./dom";
import { later } from "./load-later";
import { linkButton, opens } from "./opener";
import { picker, type Picker } from "./picker";
import { addSheet } from "./sheets";
import { dress, firstColour, themeFor } from "./theme";
import { failureView } from "./views/notices";
import { directionOf, english, localeOf, wordsIn, type PickerWords } from "./words";
import tokens from "./tokens.shadow.css";
import controls from "./controls.shadow.css";
import sheet from "./picker.shadow.css";
import times from "./times.shadow.css";

/** From these widths on, for text of the usual size: a month instead of a week; times beside the month. */
const MONTH_PX = 480;
const BESIDE_PX = 680;
const TEXT_PX = 16;
/** An element that is away for longer has left for good; pages and frameworks put one elsewhere in less. */
const AWAY_MS = 1_000;

/** Where the script itself came from; empty where an optimiser has copied it into the page. */
let ownBase = "";

/** Remembers the server that the script came from, for elements that name only a practice. */
export function setOwnBase(base: string): void {
  ownBase = base;
}

/** Server and practice from the address of a hosted page, `…/book/willow`. For anything else null, and a line for the webmaster. */
export function serverOf(href: string): Server | null {
  try {
    const { origin, pathname } = new URL(href, document.baseURI);
    const [, path, practice] = /^(.*)\/book\/([^/]+)\/?$/.exec(pathname)!;
    if (/^http/.test(origin)) return { base: origin + path!, practice: decodeURIComponent(practice!) };
  } catch {
    // No address at all, or not of such a page.
  }
  tell(`no booking page (…/book/willow): ${href}`);
  return null;
}

export class PencilinBooking extends HTMLElement {
  static readonly observedAttributes = ["href", "practice"];
  /** Whose events and custom properties these are: a dialog's are those of what opens it. */
  owner: Element = this;
  private readonly life = lifeOf(this);

  attributeChangedCallback(): void {
    this.connectedCallback();
  }

  /** Frameworks may set attributes after they have put the element in place. */
  connectedCallback(): void {
    queueMicrotask(this.life.arrive);
  }

  disconnectedCallback(): void {
    this.life.leave();
  }

  /** Opens the dialog, in every mode that has one; `opener` gets the focus back. */
  open(opener: HTMLElement = this): void {
    void this.life.open(opener);
  }

  /** The page may have changed its colours. */
  relook(): void {
    this.life.relook();
  }
}

interface Life {
  arrive(): void;
  leave(): void;
  open(opener: HTMLElement): Promise<void>;
  relook(): void;
}

/** What an element does while it is in the page. It may leave and come back, and goes on where it was. */
function lifeOf(element: PencilinBooking): Life {
  const root = h("div", { class: "pencilin root" });
  const live = h("p", { class: "unseen", role: "status" });
  // A frame later: what changes sizes at once is reported to the page as an error of the observer.
  const watcher = new ResizeObserver(() => requestAnimationFrame(measure));
  const attribute = (name: string) => element.getAttribute(name);
  let built = false;
  let server: Server | null = null;
  let practice: Practice | null = null;
  let shown: Picker | null = null;
  let over: Dialog | null = null;
  /** What this element has put at the end of the page, out of every box that is clipped or moved. */
  let twin: PencilinBooking | null = null;

  function arrive(): void {
    if (!element.isConnected) return;
    if (!built) build();
    if (!built) return;
    // One that is moved loads its frame anew.
    if (attribute("mode") === "floating" && twin && !twin.isConnected) document.documentElement.append(twin);
    if (!shown) return;
    watcher.observe(shown.element);
    measure();
    window.addEventListener("pagehide", giveBack);
  }

  function giveBack(): void {
    shown?.leave();
  }

  function build(): void {
    const href = attribute("href");
    const slug = attribute("practice");
    if (!href && !slug) return;
    built = true;
    const shadow = element.attachShadow({ mode: "open" });
    addSheet(shadow, tokens + controls + sheet + times);
    shadow.append(root);
    look();
    server = href ? serverOf(href) : ownBase ? { base: ownBase, practice: slug! } : null;
    if (server) return show(server);
    root.append(failureView(english, { code: "", status: 404 }));
    if (!href) tell("exclude widget.js from optimisers, or use the link form");
  }

  function show(server: Server): void {
    const mode = attribute("mode") ?? "";
    const away = element.owner !== element;
    if (mode === "dialog" && away) return;
    if (mode === "floating" && !away) {
      element.textContent = "";
      twin = putAway(mode);
    } else if (/^(button|floating|dialog)$/.test(mode)) {
      const button = linkButton(hostedPage(server));
      const locale = localeOf(languages());
      button.classList.add(mode);
      void wordsIn(server.base, locale, english, "picker").then((words) => {
        speak(locale, words);
        button.textContent = attribute("label") || words.region;
      });
      if (mode === "button") element.textContent = "";
      root.append(h("slot", {}, button));
      opens(root, () => void open(button));
    } else {
      root.setAttribute("role", "region");
      root.append(start(server, false), live);
    }
  }

  /** The same element once more, in another mode. */
  function putAway(mode: string): PencilinBooking {
    const made = element.cloneNode() as PencilinBooking;
    made.removeAttribute("id");
    made.setAttribute("mode", mode);
    made.style.setProperty("display", "contents", "important");
    made.owner = element.owner;
    return made;
  }

  async function open(opener: HTMLElement): Promise<void> {
    if (!element.isConnected) document.documentElement.append(element);
    arrive();
    if (!server) return;
    if (attribute("mode") !== "dialog" || element.owner === element) {
      twin ??= putAway("dialog");
      return twin.open(opener);
    }
    try {
      const part = await later(server.base, root);
      if (!over) {
        const content = start(server, true);
        over = part.dialog(shown!, content, live);
        over.speak(english);
        root.append(over.element);
        arrive();
      }
      over.open(opener);
      shown!.opened(true);
    } catch {
      location.assign(hostedPage(server));
    }
  }

  function start(server: Server, asked: boolean): HTMLElement {
    shown = picker(
      {
        server,
        languages: languages(),
        wish: attribute,
        asked,
      },
      {
        announce(text) {
          live.textContent = text;
        },
        emit(name, detail) {
          // The host page's own link has served until now.
          if (name === "ready") element.textContent = "";
          const event = new CustomEvent(`pencilin:${name}`, { detail, bubbles: true, composed: true });
          element.owner.dispatchEvent(event);
        },
        speak,
        look(of) {
          practice = of;
          return look();
        },
        close() {
          over?.close();
        },
        reveal() {
          if (over) over.element.scrollTo(0, 0);
          else if (element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: "start" });
        },
      },
    );
    return shown.element;
  }

  /** The language that the page asks for, then the browser's. */
  function languages(): string[] {
    return [attribute("lang") ?? element.owner.closest("[lang]")?.getAttribute("lang") ?? "", ...navigator.languages];
  }

  function speak(locale: string, words: PickerWords): void {
    root.lang = locale;
    root.dir = directionOf(locale);
    if (over) over.speak(words);
    else if (shown) root.setAttribute("aria-label", words.region);
  }

  function measure(): void {
    const width = shown?.element.clientWidth;
    if (!width) return;
    const scale = parseFloat(getComputedStyle(root).fontSize) / TEXT_PX;
    const narrow = width < MONTH_PX * scale;
    root.classList.toggle("wide", !narrow);
    root.classList.toggle("large", width >= BESIDE_PX * scale);
    shown?.resize(narrow);
  }

  function look(): Look {
    const { owner } = element;
    const styles = [getComputedStyle(owner), getComputedStyle(element)] as const;
    const property = (name: string) =>
      styles[0].getPropertyValue(`--pencilin-${name}`) || styles[1].getPropertyValue(`--pencilin-${name}`);
    const background = firstColour(root, property("background"));
    const behind = owner === element ? owner : document.body;
    const found: Look = {
      theme: themeFor(background, attribute("theme"), behind, root),
      accent: firstColour(root, attribute("accent"), property("accent"), practice?.theme?.accent),
      font: property("font") || styles[0].fontFamily,
      radius: property("radius"),
      background,
      text: firstColour(root, property("text")),
    };
    dress(root, found);
    return found;
  }

  function relook(): void {
    // What opened a dialog has left the page; one that is open still serves.
    if (!element.owner.isConnected && !over?.element.hasAttribute("open")) return element.remove();
    const now = () => `${root.dataset["theme"]} ${root.style.cssText}`;
    const before = now();
    look();
    if (now() !== before) shown?.relook();
  }

  return {
    arrive,
    leave() {
      watcher.disconnect();
      over?.close();
      if (attribute("mode") === "floating") twin?.remove();
      setTimeout(() => {
        if (element.isConnected) return;
        window.removeEventListener("pagehide", giveBack);
        giveBack();
      }, AWAY_MS);
    },
    open,
    relook,
  };
}
