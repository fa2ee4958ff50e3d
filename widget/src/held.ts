/** A time that is kept for this visitor, measured on the visitor's own clock, which may be wrong. */

import { ApiError, extendHold, hold, releaseHold, type Server, type Wanted } from "./api";

const WARN_MS = 60_000;
const LOOK_MS = 2_000;
const EXTENSIONS = 2;

export type HoldState = "held" | "ending" | "ended";

export interface Held {
  id: string;
  practitioner: string | null;
  /** As the server said it. */
  expiresAt(): string;
  /** The same on the visitor's clock. */
  until(): Date;
  state(): HoldState;
  canExtend(): boolean;
  /** Asks for more time; false when the server gives no more. */
  extend(): Promise<boolean>;
  /** Gives the time back. Never fails: holds end by themselves. */
  release(): Promise<void>;
  /** Gives the time back when the page goes away; one that was handed over stays, for the address names it. */
  leave(): void;
  /** Calls back whenever the state changes, until `stop`. */
  watch(onchange: (state: HoldState) => void): void;
  stop(): void;
}

/** Holds a start for `minutes`. Throws `ApiError`, code `slot_taken` if somebody else was faster. */
export async function takeHold(server: Server, wanted: Wanted, start: string, minutes: number): Promise<Held> {
  const asked = Date.now();
  const answer = await hold(server, wanted, start);
  return held(server, answer.hold, answer.practitioner, answer.expires_at, asked + minutes * 60_000, true);
}

/** A hold that was taken elsewhere, on the host page before the hosted one was opened; for `left` ms more. */
export function resumeHold(
  server: Server,
  id: string,
  practitioner: string | null,
  expiresAt: string,
  left: number,
): Held {
  return held(server, id, practitioner, expiresAt, Date.now() + left, false);
}

function held(
  server: Server,
  id: string,
  practitioner: string | null,
  expiresAt: string,
  until: number,
  ours: boolean,
): Held {
  let timer = 0;
  let extensions = 0;
  let told: HoldState = "held";
  let look = (): void => undefined;
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
  const state = (): HoldState => {
    const left = until - Date.now();
    return left <= 0 ? "ended" : left <= WARN_MS ? "ending" : "held";
  };
  return {
    id,
    practitioner,
    expiresAt: () => expiresAt,
    until: () => new Date(until),
    state,
    canExtend: () => extensions < EXTENSIONS,
    async extend() {
      try {
        const answer = await extendHold(server, id);
        until += Date.parse(answer.expires_at) - Date.parse(expiresAt);
        expiresAt = answer.expires_at;
        extensions += 1;
        told = state();
        return true;
      } catch (error) {
        // No answer means nothing; a refusal is final.
        if (error instanceof ApiError && error.status) extensions = EXTENSIONS;
        return false;
      }
    },
    async release() {
      stop();
      await releaseHold(server, id).catch(() => undefined);
    },
    leave() {
      if (!ours || state() === "ended") return;
      // Should the visitor come back to this very page, it is a hold that has ended.
      until = 0;
      look();
      stop();
      void releaseHold(server, id).catch(() => undefined);
    },
    watch(onchange) {
      stop();
      look = () => {
        const now = state();
        if (now === told) return;
        told = now;
        onchange(now);
      };
      look();
      timer = window.setInterval(look, LOOK_MS);
      // A phone that has slept doesn't wait for the next time.
      document.addEventListener("visibilitychange", look);
    },
    stop,
  };
}
