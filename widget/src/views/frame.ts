/**
 * The frame from the booking server in which personal details are typed, so that the scripts of the host page cannot
 * read them. Page and frame talk over one MessagePort, handed only to a window of the server's own origin.
 */

import { HANDSHAKE, type Chosen, type Look, type Said } from "../contract";
import { h } from "../dom";

const HANDSHAKE_MS = 4_000;
const TALLEST_PX = 20_000;

export interface DetailsFrame {
  /** Put it where it stays: a frame that is moved loads anew. */
  element: HTMLElement;
  ready(): boolean;
  /** Tells the frame what was chosen, null for nothing any more; now or as soon as it listens (again). */
  send(chosen: Chosen | null): void;
  /** Tells it how the page looks now. */
  look(look: Look): void;
  /** Tells it how many steps the visitor has come: the frame keeps an entry in the history for each. */
  deep(depth: number): void;
  show(shown: boolean): void;
  focus(): void;
}

/** `onblocked` is called where no answer came within four seconds; a later answer still counts as ready. */
export function detailsFrame(
  url: string,
  title: string,
  onsaid: (said: Said) => void,
  onblocked: () => void,
): DetailsFrame {
  // In a sandbox without an origin every frame is refused, so none is tried.
  const sandboxed = window.origin === "null";
  const frame = h("iframe", { title, src: url, referrerpolicy: "origin", onload: handshake });
  const spot = h("span", { class: "spot" });
  const element = h("div", { class: "frame away" }, spot, sandboxed ? null : frame);
  const timer = setTimeout(onblocked, sandboxed ? 0 : HANDSHAKE_MS);
  let port: MessagePort | null = null;
  let chosen: Chosen | null = null;
  let depth = 0;
  let ready = false;

  function handshake(): void {
    const channel = new MessageChannel();
    port?.close();
    port = channel.port1;
    port.onmessage = (event: MessageEvent<unknown>) => hear(event.data);
    frame.contentWindow?.postMessage(HANDSHAKE, new URL(url).origin, [channel.port2]);
  }

  function hear(data: unknown): void {
    if (typeof data !== "object" || !data) return;
    const said = data as Said;
    if (said.ready) {
      clearTimeout(timer);
      ready = true;
      if (chosen) port?.postMessage(chosen);
      port?.postMessage({ depth });
    }
    const { height, focus } = said;
    if (focus) reveal(...focus);
    // No modal dialog of the page hears of a key that is pressed in a frame.
    if (said.escape) frame.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    if (typeof height === "number" && height >= 0 && height < TALLEST_PX)
      frame.style.setProperty("height", `${Math.ceil(height)}px`);
    onsaid(said);
  }

  /** Safari scrolls nothing around a frame from elsewhere when the focus moves inside of it. */
  function reveal(top: number, bottom: number): void {
    const from = frame.getBoundingClientRect().top;
    if (from + top >= 0 && from + bottom <= window.innerHeight) return;
    spot.style.setProperty("top", `${top}px`);
    spot.scrollIntoView({ block: "center" });
  }

  return {
    element,
    ready: () => ready,
    send(next) {
      chosen = next;
      if (ready) port?.postMessage(next);
    },
    look(next) {
      if (chosen) chosen = { ...chosen, ...next };
      if (ready) port?.postMessage(next);
    },
    deep(next) {
      depth = next;
      if (ready) port?.postMessage({ depth });
    },
    show: (shown) => void element.classList.toggle("away", !shown),
    focus: () => frame.focus(),
  };
}
