/** A time that is kept for this visitor, on the visitor's own clock, which may be wrong. */

import { ApiError, extendHold, hold, releaseHold, type Server, type Wanted } from "./api";

const WARN_MS = 60_000;
const LOOK_MS = 2_000;
const EXTENSIONS = 2;

export type HoldState = "held" | "ending" | "ended";

export class Held {
  private timer = 0;
  private extensions = 0;
  private state: HoldState = "held";

  private constructor(
    private readonly server: Server,
    readonly id: string,
    readonly practitioner: string | null,
    /** As the server said it. */
    public expiresAt: string,
    /** The same on the visitor's clock, in milliseconds. */
    public until: number,
  ) {}

  /** Holds a start for `minutes`. Throws `ApiError`, code `slot_taken` if somebody else was faster. */
  static async take(server: Server, wanted: Wanted, start: string, minutes: number): Promise<Held> {
    const asked = Date.now();
    const answer = await hold(server, wanted, start);
    return new Held(server, answer.hold, answer.practitioner, answer.expires_at, asked + minutes * 60_000);
  }

  /** A hold that was taken elsewhere, on the host page before the hosted one was opened. */
  static resume(server: Server, id: string, practitioner: string | null, expiresAt: string): Held {
    return new Held(server, id, practitioner, expiresAt, Date.parse(expiresAt));
  }

  get canExtend(): boolean {
    return this.extensions < EXTENSIONS;
  }

  /** Calls back whenever the state changes, until `stop`. */
  watch(onchange: (state: HoldState) => void): void {
    this.stop();
    const look = () => {
      const left = this.until - Date.now();
      const state = left <= 0 ? "ended" : left <= WARN_MS ? "ending" : "held";
      if (state === this.state) return;
      this.state = state;
      onchange(state);
    };
    look();
    this.timer = window.setInterval(look, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Asks for more time; false when the server gives no more. */
  async extend(): Promise<boolean> {
    try {
      const answer = await extendHold(this.server, this.id);
      this.until += Date.parse(answer.expires_at) - Date.parse(this.expiresAt);
      this.expiresAt = answer.expires_at;
      this.extensions += 1;
      this.state = "held";
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) this.extensions = EXTENSIONS;
      return false;
    }
  }

  /** Gives the time back. A failure is no matter: holds end by themselves. */
  release(): void {
    this.stop();
    releaseHold(this.server, this.id).catch(() => undefined);
  }
}
