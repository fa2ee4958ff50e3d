// The feed in the calendar library's words: appointments, shaded time, and notes that name it.

import type { Calendar } from "@event-calendar/core";
import type { Feed, Note } from "./feed";

type Entry = Calendar.EventInput & { id: string };

/** All that is drawn, by id. With `columns`, there is one for each practitioner. */
export function entries(feed: Feed, columns: boolean): Map<string, Entry> {
  const found = [
    ...feed.events.map(
      (one): Entry => ({
        id: one.id,
        start: one.start,
        end: one.end,
        resourceIds: [one.column],
        extendedProps: { shown: one },
        editable: one.status === "tentative" || one.status === "approved",
      }),
    ),
    ...feed.closed.map(
      (one): Entry => ({
        id: `closed ${one.column} ${one.start}`,
        start: one.start,
        end: one.end,
        resourceIds: [one.column],
        display: "background",
        classNames: ["is-closed"],
      }),
    ),
    ...feed.notes.flatMap((note) => noted(note, feed, columns)),
  ];
  return new Map(found.map((one) => [one.id, one]));
}

// What takes whole days stands above the hours. Part of a day is named where it is, if there is a place for it alone.
function noted(note: Note, feed: Feed, columns: boolean): Entry[] {
  const id = `note ${note.column} ${note.start}`;
  const where = note.column ? [note.column] : feed.columns.map((one) => one.id);
  if (!note.whole && (columns || feed.columns.length === 1) && note.start.slice(0, 10) === note.end.slice(0, 10)) {
    const { start, end } = note;
    return [{ id, start, end, resourceIds: where, display: "background", extendedProps: { note }, classNames: ["is-off"] }];
  }
  return where.map((column) => ({
    id: columns ? `${id} ${column}` : id,
    start: note.start,
    end: note.end,
    allDay: true,
    resourceIds: [column],
    extendedProps: { note },
    editable: false,
  }));
}
