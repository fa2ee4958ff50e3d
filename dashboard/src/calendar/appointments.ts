// What is drawn into the views: fetched from the server for the dates they show, and again whenever something changed.

import type { Calendar } from "@event-calendar/core";
import { entries } from "./entries";
import { eventContent } from "./event_content";
import { type Feed, fetchFeed, parseFeed, showNotice } from "./feed";
import type { Part } from "./part";
import { makeRoom } from "./room";

// As long as one of these is there, somebody is moving or choosing something.
const IN_HAND = ".ec-dragging, .ec-resizing-x, .ec-resizing-y, .ec-selecting";
// Between tries to fetch what can't be had.
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_WAIT_S = 86_400;

export function appointments(page: HTMLElement): Part {
  let calendar: Calendar;
  let query = "";
  let told = "";
  // Answers may overtake each other: what was asked for last counts.
  let asked = 0;
  let answered = 0;
  let lapse = 0;
  let latest: Promise<Calendar.EventInput[]>;
  let drawn = new Map<string, Calendar.EventInput>();

  const fetched = async ({ startStr, endStr }: Calendar.FetchInfo): Promise<Calendar.EventInput[]> => {
    const number = ++asked;
    const wanted = new URLSearchParams(page.dataset["query"] ?? "");
    wanted.set("start", startStr.slice(0, 10));
    wanted.set("end", endStr.slice(0, 10));
    const wish = wanted.toString();
    query = wish;
    const text = await untilFetched(wish, () => wish === query);
    if (text === null) {
      return latest;
    }
    if (number > answered) {
      answered = number;
      told = text;
      drawn = prepared(parseFeed(told));
    }
    return [...drawn.values()];
  };

  /**
   * The feed, however long that takes: days without their appointments look free, and nobody else asks for a change that
   * was missed. Null: other dates are wanted by now, or `goesOn` no longer.
   */
  async function untilFetched(wish: string, goesOn: () => boolean): Promise<string | null> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const text = await fetchFeed(wish).catch(() => null);
      if (wish !== query) {
        return null;
      }
      if (text !== null || !goesOn()) {
        return text;
      }
      await new Promise((over) => setTimeout(over, pause));
    }
  }

  function prepared(feed: Feed): Map<string, Calendar.EventInput> {
    showNotice(feed);
    clearTimeout(lapse);
    if (feed.lapses !== null) {
      // A browser waits for three weeks at most.
      const seconds = Math.min(feed.lapses + 1, LONGEST_WAIT_S);
      lapse = setTimeout(() => void lookAgain().catch(() => undefined), seconds * 1_000);
    }
    makeRoom(calendar, page, feed);
    return entries(feed, page.dataset["view"] === "day");
  }

  /** Draws what differs, and leaves alone what doesn't: where one has scrolled to, the focus, what is dragged. */
  async function lookAgain(): Promise<void> {
    const number = ++asked;
    const wish = query;
    // An answer is taken also when a later one is awaited, but only the last look tries again.
    const text = await untilFetched(wish, () => number === asked);
    if (text === null) {
      return;
    }
    await handsFree(page);
    if (wish !== query || number < answered) {
      return;
    }
    answered = number;
    if (text === told) {
      return;
    }
    told = text;
    const focused = page.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    const next = prepared(parseFeed(text));
    for (const [id, one] of next) {
      const before = drawn.get(id);
      if (!before) {
        calendar.addEvent(one);
      } else if (JSON.stringify(before) !== JSON.stringify(one)) {
        calendar.updateEvent(one);
      }
    }
    for (const id of drawn.keys()) {
      if (!next.has(id)) {
        calendar.removeEventById(id);
      }
    }
    drawn = next;
    if (focused) {
      setTimeout(() => restoreFocus(page, focused));
    }
  }

  return {
    options: {
      lazyFetching: false,
      loading: (isLoading) => {
        page.ariaBusy = isLoading ? "true" : null;
      },
      eventSources: [{ events: (dates: Calendar.FetchInfo) => (latest = fetched(dates)) }],
      eventContent: ({ event, view }) => ({ domNodes: eventContent(event, view.type) }),
    },
    begin(made) {
      calendar = made;
      document.addEventListener("pencilin:changed", () => void lookAgain().catch(() => undefined));
    },
  };
}

async function handsFree(page: HTMLElement): Promise<void> {
  while (page.querySelector(IN_HAND)) {
    await new Promise((free) => window.addEventListener("pointerup", () => setTimeout(free), { once: true }));
  }
}

function restoreFocus(page: HTMLElement, address: string): void {
  if (document.activeElement === document.body) {
    page.querySelector<HTMLElement>(`a[href="${CSS.escape(address)}"]`)?.focus({ preventScroll: true });
  }
}
