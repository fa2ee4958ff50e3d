// What the server tells about a stretch of dates: the appointments, and how much waits for a decision.

export interface Shown {
  id: string;
  url: string;
  start: string;
  end: string;
  since: string;
  until: string;
  day: string;
  status: string;
  label: string;
  name: string;
  service: string;
  practitioner: string;
  location: string;
  colour: string;
  there: string;
}

export interface Feed {
  waiting: number;
  notice: string;
  oldest: string;
  events: Shown[];
}

/** The feed as text, so that two can be compared. Where nobody is signed in any more, the page starts anew. */
export async function fetchFeed(query: string): Promise<string> {
  const response = await fetch(`/calendar/events?${query}`, { headers: { accept: "application/json" } });
  if (response.status === 401) {
    location.reload();
  }
  if (!response.ok) {
    throw new Error(`the calendar answered ${response.status}`);
  }
  return response.text();
}

export function parseFeed(text: string): Feed {
  return JSON.parse(text) as Feed;
}

/** The notice above the calendar, and the number beside Requests. */
export function showNotice(feed: Feed): void {
  setText("notice-count", feed.notice);
  setText("notice-oldest", feed.oldest);
  const count = document.getElementById("waiting");
  if (count) {
    count.textContent = String(feed.waiting);
    count.hidden = feed.waiting === 0;
  }
}

// A status region speaks whenever its text is set, so it is set only when it differs.
function setText(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element && element.textContent !== text) {
    element.textContent = text;
  }
}
