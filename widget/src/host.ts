/** What a page asks of the widget, and what the widget asks of its page. */

import type { Server } from "./api";
import type { Look, Practice } from "./contract";
import type { PickerWords } from "./words";

/** What the snippet says, all of it optional but the server. */
export interface Settings {
  server: Server;
  /** Languages to speak, the most wished for first: BCP 47 tags, as pages and browsers give them. */
  languages: string[];
  /**
   * What else the snippet asks for: `service`, `practitioner`, `location`; on the hosted page also a time that is held
   * already, `start`, `hold`, `expires` and the seconds `left` of it, since it goes on where a host page could not.
   */
  wish(name: string): string | null;
  /** It is in a dialog that the visitor has opened: the focus goes to the first step, too, and Back out of it closes it. */
  asked: boolean;
}

/** What the element does for the steps. */
export interface Host {
  /** Says something to screen readers, politely. */
  announce(text: string): void;
  /** Fires a `pencilin:*` event on the element. Never with personal data. */
  emit(name: string, detail: Record<string, string>): void;
  /** Which language the widget speaks from now on: its locale, and its words. */
  speak(locale: string, words: PickerWords): void;
  /** The practice's own accent counts where the page names none. */
  look(practice: Practice): Look;
  /** Closes the dialog that all of it is in, if it is in one. */
  close(): void;
  /** Brings the top of the widget into view, if it is above. */
  reveal(): void;
}
