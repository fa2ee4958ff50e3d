/** What a page asks of the widget, and what the widget asks of its page. */

import type { Server } from "./api";
import type { Practice } from "./contract";

/** What the snippet says, all of it optional but the server. */
export interface Settings {
  server: Server;
  /** Languages to speak, the most wished for first: BCP 47 tags, as pages and browsers give them. */
  languages: string[];
  service: string | null;
  practitioner: string | null;
  location: string | null;
  /** A time that is held already: the hosted page goes on where a host page could not. */
  start: string | null;
  hold: string | null;
  expires: string | null;
  /** Seconds of it that were left when the page was made. */
  left: string | null;
}

export interface Look {
  theme: "light" | "dark";
  accent: string;
  font: string;
  radius: string;
}

/** What the element does for the steps. */
export interface Host {
  /** Says something to screen readers, politely. */
  announce(text: string): void;
  /** Fires a `pencilin:*` event on the element. Never with personal data. */
  emit(name: string, detail: Record<string, string>): void;
  /** Which language the widget speaks from now on, and what it is called in it. */
  speak(locale: string, direction: "ltr" | "rtl", name: string): void;
  /** The practice's own accent counts where the page names none. */
  look(practice: Practice): Look;
  /** Brings the top of the widget into view, if it is above. */
  reveal(): void;
}
