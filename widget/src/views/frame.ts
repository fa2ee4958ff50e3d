/**
 * The frame from the booking server in which personal details are typed, so that the scripts of the host page cannot
 * read them. Page and frame talk over one MessagePort, handed only to a window of the server's own origin.
 */

import { HANDSHAKE, type Chosen, type Said } from "../contract";
import { h } from "../dom";

const HANDSHAKE_MS = 4_000;
const TALLEST_PX = 20_000;

export class DetailsFrame {
  readonly element = h("div", { class: "frame away" });
  private readonly frame: HTMLIFrameElement;
  private port: MessagePort | null = null;
  private chosen: Chosen | null = null;
  private timer = 0;
  private ready = false;

  /** `onblocked` is called once if no answer came within four seconds; a later answer still counts as ready. */
  constructor(
    private readonly url: string,
    title: string,
    private readonly onsaid: (said: Said) => void,
    private readonly onblocked: () => void,
  ) {
    this.frame = h("iframe", { title, referrerpolicy: "origin" });
    this.frame.addEventListener("load", () => this.handshake());
  }

  /** Starts loading, unseen; does nothing the second time. */
  load(): void {
    if (this.frame.isConnected) return;
    this.frame.src = this.url;
    this.element.append(this.frame);
    this.timer = window.setTimeout(() => this.onblocked(), HANDSHAKE_MS);
  }

  /** Tells the frame what was chosen, now or as soon as it listens (again). */
  send(chosen: Chosen): void {
    this.chosen = chosen;
    if (this.ready) this.port?.postMessage(chosen);
  }

  show(shown: boolean): void {
    this.element.classList.toggle("away", !shown);
  }

  get isReady(): boolean {
    return this.ready;
  }

  focus(): void {
    this.frame.focus();
  }

  private handshake(): void {
    if (!this.frame.contentWindow) return;
    this.port?.close();
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.onmessage = (event: MessageEvent<unknown>) => this.hear(event.data);
    this.frame.contentWindow.postMessage(HANDSHAKE, new URL(this.url).origin, [channel.port2]);
  }

  private hear(data: unknown): void {
    if (typeof data !== "object" || !data) return;
    const said = data as Said;
    if (said.ready) {
      clearTimeout(this.timer);
      this.ready = true;
      if (this.chosen) this.port?.postMessage(this.chosen);
    }
    if (typeof said.height === "number" && said.height >= 0 && said.height < TALLEST_PX)
      this.frame.style.setProperty("height", `${Math.ceil(said.height)}px`);
    this.onsaid(said);
  }
}
