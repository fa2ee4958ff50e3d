// Which views there are and how their days and hours are written.

import { type Calendar, DayGrid, List, ResourceTimeGrid, TimeGrid } from "@event-calendar/core";
import type { Shown } from "./feed";
import { moreContent } from "./more";
import type { Part } from "./part";
import { wanted } from "./wanted";

export function views(page: HTMLElement): Part {
  const { view, date, freeDays } = wanted(page);
  const locale = page.dataset["locale"] ?? "en";
  return {
    plugins: [TimeGrid, ResourceTimeGrid, DayGrid, List],
    options: {
      view,
      date,
      hiddenDays: freeDays,
      locale,
      timeZone: page.dataset["offset"] ?? "UTC",
      headerToolbar: { start: "", center: "", end: "" },
      firstDay: 1,
      allDaySlot: false,
      allDayContent: "All day",
      nowIndicator: true,
      slotHeight: 42,
      slotLabelInterval: "01:00:00",
      slotLabelFormat: { hour: "numeric" },
      slotMinTime: "08:00:00",
      slotMaxTime: "19:00:00",
      scrollTime: "08:00:00",
      flexibleSlotTimeLimits: true,
      slotEventOverlap: false,
      dayHeaderFormat: (day) => `${day.toLocaleDateString(locale, { weekday: "short" })} ${day.getDate()}`,
      listDayFormat: { weekday: "long", day: "numeric", month: "long" },
      listDaySideFormat: () => "",
      noEventsContent: () =>
        page.dataset["filtered"]
          ? "Nothing in this week is what the filter asks for."
          : "Nothing is booked in this week. Appointments appear here as soon as somebody books.",
      moreLinkContent: ({ num }) => ({ domNodes: [moreContent(num)] }),
      views: {
        dayGridMonth: {
          dayHeaderFormat: { weekday: "short" },
          dayMaxEvents: true,
          eventDurationEditable: false,
          height: "max(54rem, calc(100vh - 14rem))",
          eventOrder: (one, other) => weight(one) - weight(other) || one.start.getTime() - other.start.getTime(),
        },
      },
    },
  };
}

// What has to be decided stands before what may be hidden behind "+3 more"; what is said of the whole day before that.
function weight(event: Calendar.Event): number {
  const { shown } = event.extendedProps as { shown?: Shown };
  return shown ? (shown.status === "tentative" ? 1 : 2) : 0;
}
