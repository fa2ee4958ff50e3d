/** The public HTTP interface. No cookies, no storage; every failure is one `ApiError` with a stable code. */

import type { Availability, Booking, Hold, Practice, Slot } from "./contract";
import type { Day } from "./dates";

export interface Server {
  /** Address of the server without a slash at the end. */
  base: string;
  practice: string;
}

/** The address of the practice's hosted booking page. */
export function hostedPage({ base, practice }: Server): string {
  return `${base}/book/${encodeURIComponent(practice)}`;
}

const PATIENCE_MS = 15_000;

export class ApiError extends Error {
  constructor(
    /** The server's code; `offline` when no answer came. */
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly fields: Record<string, string>,
    readonly alternatives: Slot[],
    /** No answer came because nobody waited for it any longer. */
    readonly late = false,
  ) {
    super(code);
  }
}

async function call<T>(
  server: Server,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
  keepalive = false,
): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  let answer: Response;
  let data: Record<string, unknown> = {};
  try {
    answer = await fetch(`${server.base}/api/v1/practices/${encodeURIComponent(server.practice)}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
      credentials: "omit",
      signal: abort.signal,
      keepalive,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status !== 204) data = (await answer.json()) as Record<string, unknown>;
  } catch {
    throw new ApiError("offline", 0, "", {}, [], abort.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
  if (answer.ok) return data as T;
  throw new ApiError(
    typeof data["code"] === "string" ? data["code"] : "error",
    answer.status,
    typeof data["detail"] === "string" ? data["detail"] : "",
    (data["fields"] ?? {}) as Record<string, string>,
    (data["alternatives"] ?? []) as Slot[],
  );
}

export interface Wanted {
  service: string;
  practitioner: string | null;
  location: string | null;
}

function known(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null && value !== ""));
}

export const getPractice = (server: Server) => call<Practice>(server, "GET", "");

/** `from` is a date in the location's zone; null for today there, which the answer tells. */
export const getAvailability = (server: Server, wanted: Wanted, from: Day | null, days: number) =>
  call<Availability>(
    server,
    "GET",
    `/availability?${new URLSearchParams(known({ ...wanted, from, days: String(days) }))}`,
  );

export const hold = (server: Server, wanted: Wanted, start: string) =>
  call<Hold>(server, "POST", "/holds", JSON.stringify(known({ ...wanted, start })));

export const extendHold = (server: Server, id: string) =>
  call<{ expires_at: string }>(server, "POST", `/holds/${encodeURIComponent(id)}/extension`);

/** Arrives even if the page is left meanwhile. */
export const releaseHold = (server: Server, id: string) =>
  call<unknown>(server, "DELETE", `/holds/${encodeURIComponent(id)}`, undefined, {}, true);

/** `body` is the text itself, since a repetition with the same key must be the same to the letter. */
export const book = (server: Server, key: string, body: string) =>
  call<Booking>(server, "POST", "/bookings", body, { "Idempotency-Key": key });

/** Sends *request received* to another address, for whoever booked under this key. */
export const correctAddress = (server: Server, key: string, manage_url: string, email: string) =>
  call<unknown>(server, "POST", "/bookings/correction", JSON.stringify({ manage_url, email }), {
    "Idempotency-Key": key,
  });
