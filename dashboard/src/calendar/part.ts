// What the calendar is put together from: each part brings the library's options, and plugins, that it is about.

import type { Calendar } from "@event-calendar/core";

export interface Part {
  plugins?: Calendar.Plugin[];
  options?: Calendar.Options;
  /** Called once, as soon as there is a calendar. */
  begin?(calendar: Calendar): void;
}
