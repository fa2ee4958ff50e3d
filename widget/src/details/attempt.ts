/**
 * One attempt at a booking: however often it is sent, at most one appointment comes of it. The key stays the same until
 * the server acknowledges, beyond a reload, too; texts whose answer was lost are remembered, since one of them may have
 * been booked.
 */

import { ApiError, book, type Server } from "../api";
import type { Booking } from "../contract";
import type { Tried } from "./draft";

/** How often a text is sent without being asked, where answers take too long. */
const TRIES = 3;

export class Attempt {
  readonly key: string;
  private readonly unanswered: string[];

  /** `earlier` is what was tried before this page was loaded; `onlost` is told of each answer that doesn't come. */
  constructor(
    earlier: Tried | null,
    private readonly onlost: (tried: Tried) => void,
  ) {
    this.key = earlier?.key ?? randomKey();
    this.unanswered = earlier?.unanswered ?? [];
  }

  /** The booking, and the text that was booked: an earlier one may have been. Throws `ApiError`. */
  async send(server: Server, body: string): Promise<[Booking, string]> {
    try {
      return [await this.insist(server, body), body];
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "idempotency_key_reused") throw error;
      // An earlier text got through, only its answer did not: that booking stands.
      for (const earlier of this.unanswered) {
        const booking = await this.post(server, earlier).catch(() => null);
        if (booking) return [booking, earlier];
      }
      throw error;
    }
  }

  private async insist(server: Server, body: string): Promise<Booking> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.post(server, body);
      } catch (error) {
        if (!(error instanceof ApiError && error.late) || tries === TRIES) throw error;
      }
    }
  }

  private async post(server: Server, body: string): Promise<Booking> {
    // Before it is sent: a page that goes away meanwhile hears no answer either.
    const known = this.unanswered.includes(body);
    if (!known) this.unanswered.push(body);
    this.onlost({ key: this.key, unanswered: this.unanswered });
    try {
      return await book(server, this.key, body);
    } catch (error) {
      const lost = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (!lost && !known) this.unanswered.splice(this.unanswered.indexOf(body), 1);
      throw error;
    }
  }
}

/** 128 random bits. `randomUUID` would need a secure context. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
