// Draws the calendar in place of the list that works without scripts, and turns pages without leaving this one.

import { type Calendar, createCalendar, DayGrid, List, TimeGrid } from "@event-calendar/core";
import { eventContent } from "./calendar/event_content";
import { fetchFeed, parseFeed, showNotice } from "./calendar/feed";
import { keepFresh } from "./calendar/keep_fresh";
import { plainRoles } from "./calendar/plain_roles";
import { makeRoom } from "./calendar/room";
import { turnPages } from "./calendar/turn_pages";
import { wanted } from "./calendar/wanted";

const target = document.getElementById("calendar");
if (target) {
  draw(target);
}

function draw(target: HTMLElement): void {
  document.getElementById("calendar-list")?.remove();
  plainRoles(target);
  const { view, date, freeDays } = wanted(target);
  const locale = target.dataset["locale"] ?? "en";
  let shown = "";
  let range = "";

  const calendar: Calendar = createCalendar(target, [TimeGrid, DayGrid, List], {
    view,
    date,
    headerToolbar: { start: "", center: "", end: "" },
    timeZone: target.dataset["offset"] ?? "UTC",
    locale,
    firstDay: 1,
    allDaySlot: false,
    nowIndicator: true,
    slotHeight: 42,
    slotLabelInterval: "01:00:00",
    slotLabelFormat: { hour: "numeric" },
    slotMinTime: "08:00:00",
    slotMaxTime: "19:00:00",
    scrollTime: "08:00:00",
    flexibleSlotTimeLimits: true,
    slotEventOverlap: false,
    hiddenDays: freeDays,
    dayHeaderFormat: (day) => `${day.toLocaleDateString(locale, { weekday: "short" })} ${day.getDate()}`,
    listDayFormat: { weekday: "long", day: "numeric", month: "long" },
    listDaySideFormat: () => "",
    noEventsContent: "Nothing is booked in this week. Appointments appear here as soon as somebody books.",
    views: {
      timeGridDay: { dayHeaderFormat: (day) => day.toLocaleDateString(locale, { weekday: "long" }) },
      dayGridMonth: { dayHeaderFormat: { weekday: "short" } },
    },
    lazyFetching: false,
    eventSources: [
      {
        events: async ({ startStr, endStr }: Calendar.FetchInfo) => {
          const query = new URLSearchParams({ start: startStr.slice(0, 10), end: endStr.slice(0, 10) });
          query.set("practitioner", target.dataset["practitioner"] ?? "");
          range = query.toString();
          shown = await fetchFeed(range);
          const feed = parseFeed(shown);
          showNotice(feed);
          makeRoom(calendar, target, feed.events);
          return feed.events.map((one) => ({
            id: one.id,
            start: one.start,
            end: one.end,
            extendedProps: { shown: one },
          }));
        },
      },
    ],
    eventContent: ({ event, view }) => ({ domNodes: [eventContent(event, view.type)] }),
  });

  turnPages(target, calendar);
  keepFresh(async () => {
    const asked = range;
    const feed = await fetchFeed(asked);
    if (asked === range && feed !== shown) {
      calendar.refetchEvents();
    }
  });
}
