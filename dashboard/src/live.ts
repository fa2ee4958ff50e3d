// Asks every few seconds whether anything has changed, as long as somebody may be looking, and tells the page:
// a `pencilin:changed` event on the document, the number beside Requests, and a word for screen readers.

import { unsaved } from "./comfort/guard";

const EVERY_MS = 4_000;
const AT_MOST_MS = 30_000;

/** What `pencilin:changed` carries. */
export interface Changed {
  revision: string;
  waiting: number;
}

export function live(): void {
  let { revision = "", waiting: counted = "0" } = document.body.dataset as Partial<Record<string, string>>;
  let waiting = Number(counted);
  let tag = "";
  let failures = 0;
  let timer = 0;
  let asking = false;

  document.addEventListener("visibilitychange", () => void ask());
  window.addEventListener("online", () => void ask());
  window.addEventListener("offline", () => showTrouble(true));
  void ask();

  async function ask(): Promise<void> {
    clearTimeout(timer);
    if (asking || document.hidden) {
      return; // the answer, or being looked at again, goes on
    }
    asking = true;
    try {
      await look();
      failures = 0;
    } catch {
      failures++;
    }
    asking = false;
    // One lost answer is nothing to speak of, and neither is a browser that believes itself offline while answers come.
    showTrouble(failures > 1 || (failures > 0 && !navigator.onLine));
    timer = setTimeout(() => void ask(), Math.min(EVERY_MS * 2 ** Math.max(failures - 1, 0), AT_MOST_MS));
  }

  async function look(): Promise<void> {
    const response = await fetch("/changes", {
      headers: { accept: "application/json", ...(tag && { "if-none-match": tag }) },
      cache: "no-store",
    });
    if (response.status === 401) {
      await signedOut();
    }
    if (response.status === 304) {
      return;
    }
    if (!response.ok) {
      throw new Error(`/changes answered ${response.status}`);
    }
    tag = response.headers.get("etag") ?? "";
    const told = (await response.json()) as Changed;
    showWaiting(told.waiting, told.waiting - waiting);
    waiting = told.waiting;
    if (told.revision !== revision) {
      revision = told.revision;
      document.dispatchEvent(new CustomEvent<Changed>("pencilin:changed", { detail: told }));
    }
  }
}

function showWaiting(waiting: number, more: number): void {
  const count = document.getElementById("waiting");
  if (count) {
    count.textContent = String(waiting);
    count.hidden = waiting === 0;
  }
  const news = document.getElementById("news");
  if (news && more > 0) {
    news.textContent = more === 1 ? "1 new request" : `${more} new requests`;
  }
}

function showTrouble(is: boolean): void {
  const notice = document.getElementById("trouble");
  if (notice && notice.hidden === is) {
    notice.hidden = !is;
    const news = document.getElementById("news");
    if (news) {
      news.textContent = is ? (notice.textContent ?? "") : "Connected again.";
    }
  }
}

// Nobody's data stays on a screen that nobody is signed in at, but what was typed isn't thrown away unasked.
function signedOut(): Promise<never> {
  const notice = document.getElementById("signed-out");
  if (notice && unsaved(document)) {
    // An open panel hides what is below it, and nothing there can be pressed.
    document.querySelector("dialog[open]")?.prepend(notice);
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  } else {
    // Not reloaded: a page that answered a form would be sent again.
    location.replace(location.pathname + location.search);
  }
  return new Promise(() => undefined);
}
