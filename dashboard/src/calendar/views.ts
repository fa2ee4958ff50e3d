// Which views there are and how their days and hours are written.

import { DayGrid, List, TimeGrid } from "@event-calendar/core";
import type { Part } from "./part";
import { wanted } from "./wanted";

export function views(page: HTMLElement): Part {
  const { view, date, freeDays } = wanted(page);
  const locale = page.dataset["locale"] ?? "en";
  return {
    plugins: [TimeGrid, DayGrid, List],
    options: {
      view,
      date,
      hiddenDays: freeDays,
      locale,
      timeZone: page.dataset["offset"] ?? "UTC",
      headerToolbar: { start: "", center: "", end: "" },
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
      dayHeaderFormat: (day) => `${day.toLocaleDateString(locale, { weekday: "short" })} ${day.getDate()}`,
      listDayFormat: { weekday: "long", day: "numeric", month: "long" },
      listDaySideFormat: () => "",
      noEventsContent: "Nothing is booked in this week. Appointments appear here as soon as somebody books.",
      views: {
        timeGridDay: { dayHeaderFormat: (day) => day.toLocaleDateString(locale, { weekday: "long" }) },
        dayGridMonth: { dayHeaderFormat: { weekday: "short" } },
      },
    },
  };
}
