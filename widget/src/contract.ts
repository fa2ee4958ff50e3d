/** The shapes of the public HTTP interface and of the messages between the page and the details frame. */

export interface Question {
  id: string;
  label: string;
  kind: "text" | "choice" | "yes_no";
  choices: string[];
  required: boolean;
}

export interface Service {
  id: string;
  name: string;
  description: string | null;
  minutes: number;
  price: string | null;
  booking: "everyone" | "new" | "returning";
  practitioners: string[];
  locations: string[];
  questions: Question[];
}

export interface Practitioner {
  id: string;
  name: string;
  title: string | null;
  locations: string[];
}

export interface Location {
  id: string;
  name: string;
  kind: "place" | "video" | "phone";
  address: string | null;
  timezone: string;
}

/** What becomes of the fields that a practice decides about. */
export type Asks = Record<"phone" | "birth_date" | "returning" | "note", "required" | "optional" | "hidden">;

export interface Practice {
  slug: string;
  name: string;
  timezone: string;
  locale: string;
  country: string;
  contact: { email: string | null; phone: string | null };
  policies: {
    notice_minutes: number;
    horizon_days: number;
    hold_minutes: number;
    cancel_notice_minutes: number;
    privacy_url: string | null;
  };
  theme: { accent?: string | null } | null;
  /** An answer that was cached before an update lacks them; the server knows in any case. */
  asks?: Asks;
  services: Service[];
  practitioners: Practitioner[];
  locations: Location[];
}

/** `start` and `end` are RFC 3339 with an offset; `timezone` is the IANA zone of the location. */
export interface Slot {
  start: string;
  end: string;
  timezone: string;
  location: string;
  practitioners: string[];
}

export interface Availability {
  timezone: string;
  from: string;
  days: number;
  slots: Slot[];
  next_available: Slot | null;
}

export interface Hold {
  hold: string;
  expires_at: string;
  practitioner: string;
  location: string;
}

export interface Booking {
  reference: string;
  status: string;
  start: string;
  end: string;
  timezone: string;
  practitioner: string;
  location: string;
  answer_due: string;
  manage_url: string;
  calendar_url: string;
}

/** How the page looks, and page → frame, when that changes. Colours are `rgb(…)`; empty is the widget's own. */
export interface Look {
  theme: "light" | "dark";
  accent: string;
  font: string;
  radius: string;
  background?: string;
  text?: string;
}

/** Page → frame. What was chosen, and how the page looks; nothing about a person. */
export interface Chosen extends Look {
  service: string;
  practitioner: string | null;
  location: string;
  start: string;
  hold: string | null;
  expires_at: string | null;
  lang: string;
}

/** Page → frame. How many steps the visitor has come from where they began. */
export interface Deep {
  depth: number;
}

/** Frame → page. Never what was typed, never the manage link. */
export interface Said {
  /** The visitor went back to this depth. */
  depth?: number;
  ready?: true;
  height?: number;
  /** The field that got the focus: its top and its bottom, in pixels from the frame's top. */
  focus?: [number, number];
  /** Escape was pressed. */
  escape?: true;
  state?: "filling" | "sending" | "received" | "another";
  /** Of what is booked, which may be what was sent before. */
  reference?: string;
  service?: string;
  start?: string;
  error?: string;
}

/** The one window message: it carries the frame's end of the channel. */
export const HANDSHAKE = "pencilin:details";
