// What the server tells about a stretch of dates: the appointments, who is there when, and how much waits for a decision.

export interface Shown {
  id: string;
  /** Empty for what isn't the reader's to open. */
  url: string;
  /** Grows with every change: a move compares it. */
  revision: number;
  start: string;
  end: string;
  since: string;
  until: string;
  day: string;
  status: string;
  label: string;
  overbooked: boolean;
  name: string;
  service: string;
  practitioner: string;
  /** The practitioner's slug. */
  column: string;
  location: string;
  /** The location's slug. */
  place: string;
  colour: string;
  there: string;
}

/** When nobody is there, or (in the day's view) one practitioner isn't. Wall time, as everything here. */
export interface Closed {
  column: string;
  start: string;
  end: string;
}

/** Time off of one practitioner, or a closure, whose column is empty. */
export interface Note {
  start: string;
  end: string;
  whole: boolean;
  column: string;
  words: string;
}

export interface Feed {
  waiting: number;
  notice: string;
  oldest: string;
  /** Seconds until a proposed time is free again, without anybody doing anything. */
  lapses: number | null;
  columns: { id: string; title: string }[];
  closed: Closed[];
  opens: string | null;
  closes: string | null;
  notes: Note[];
  events: Shown[];
}

/** The feed as text, so that two can be compared. Where nobody is signed in any more, the page starts anew. */
export async function fetchFeed(query: string): Promise<string> {
  const response = await fetch(`/calendar/events?${query}`, { headers: { accept: "application/json" } });
  if (response.status === 401) {
    location.reload();
    return new Promise(() => undefined); // asked again, it would reload again
  }
  if (!response.ok) {
    throw new Error(`the calendar answered ${response.status}`);
  }
  return response.text();
}

export function parseFeed(text: string): Feed {
  return JSON.parse(text) as Feed;
}

/** The notice above the calendar. */
export function showNotice(feed: Feed): void {
  document.querySelector(".notice-review")?.classList.toggle("notice-none", feed.waiting === 0);
  setText("notice-count", feed.notice);
  setText("notice-oldest", feed.oldest);
}

// A status region speaks whenever its text is set, so it is set only when it differs.
function setText(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}
