// Dragging an appointment moves it, also to another practitioner's column; pulling at its end changes its length. What
// speaks against it is asked about before it is saved; what fails goes back to where it was, and says why.

import { Interaction } from "@event-calendar/core";
import type { Shown } from "./feed";
import type { Part } from "./part";
import { ask, tell } from "./telling";
import { minutesBetween, wall } from "./wall";

type Fields = Record<string, string | number>;

interface Answer {
  words?: string;
  undo?: Fields;
  detail?: string;
  conflicts?: string[];
  may_insist?: boolean;
  overlap?: boolean;
}

const FAILED = "That could not be saved just now, so nothing was changed. Please try again.";

export function moving(): Part {
  return {
    plugins: [Interaction],
    options: {
      editable: true,
      snapDuration: "00:15:00",
      eventDrop: ({ event, newResource, revert }) => {
        const { url, revision } = event.extendedProps["shown"] as Shown;
        const practitioner = String(newResource?.id ?? "");
        void save(url, { start: wall(event.start), practitioner, revision }, revert);
      },
      eventResize: ({ event, revert }) => {
        const { url, revision } = event.extendedProps["shown"] as Shown;
        void save(url, { minutes: minutesBetween(event.start, event.end), revision }, revert);
      },
    },
  };
}

async function save(url: string, fields: Fields, revert: () => void): Promise<void> {
  let answer = await send(url, fields);
  if (answer.conflicts) {
    const { conflicts, may_insist: may, overlap } = answer;
    const yes = !may ? "" : overlap ? "Overbook all the same" : "Move all the same";
    const heading = overlap && may ? "This overlaps. Overbook all the same?" : "Something speaks against this time";
    if (!(await ask(heading, conflicts, yes, "Put it back"))) {
      revert();
      return;
    }
    answer = await send(url, { ...fields, despite_conflicts: overlap ? "overbook" : "yes" });
  }
  const { words, undo } = answer;
  if (!words || !undo) {
    revert();
    tell(answer.detail ?? FAILED);
    lookAgain();
    return;
  }
  // Undone, it is drawn anew from what the server has.
  tell(words, "back_to" in fields ? undefined : () => void save(url, undo, lookAgain));
  lookAgain();
}

async function send(url: string, fields: Fields): Promise<Answer> {
  const csrf = document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
  const body = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  try {
    const response = await fetch(`${url}/time`, {
      method: "POST",
      headers: { accept: "application/json", "x-csrf-token": csrf },
      body,
    });
    if (response.status === 401) {
      location.reload();
    }
    return (await response.json()) as Answer;
  } catch {
    return {};
  }
}

function lookAgain(): void {
  document.dispatchEvent(new CustomEvent("pencilin:changed"));
}
