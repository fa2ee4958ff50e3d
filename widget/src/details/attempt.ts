/**
 * One attempt at a booking: however often it is sent, at most one appointment comes of it. The key stays the same until
 * the server acknowledges; texts whose answer was lost are remembered, since one of them may have been booked.
 */

import { ApiError, book, type Server } from "../api";
import type { Booking } from "../contract";

export class Attempt {
  private readonly key = randomKey();
  private readonly unanswered: string[] = [];

  /** Throws `ApiError`. */
  async send(server: Server, body: string): Promise<Booking> {
    try {
      return await this.post(server, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "idempotency_key_reused") throw error;
      // An earlier text got through, only its answer did not: that booking stands.
      for (const earlier of this.unanswered) {
        const booking = await this.post(server, earlier).catch(() => null);
        if (booking) return booking;
      }
      throw error;
    }
  }

  private async post(server: Server, body: string): Promise<Booking> {
    try {
      return await book(server, this.key, body);
    } catch (error) {
      const lost = error instanceof ApiError && (error.status === 0 || error.status >= 500);
      if (lost && !this.unanswered.includes(body)) this.unanswered.push(body);
      throw error;
    }
  }
}

/** 128 random bits. `randomUUID` would need a secure context. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
