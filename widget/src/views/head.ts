/** Above the card: whose widget this is, and which of the three steps is shown. */

import { h } from "../dom";
import type { PickerWords } from "../words";

/** `current` counts from 1; beyond the last, all steps are done. */
export function headView(words: PickerWords, practice: string, current: number): HTMLElement[] {
  return [
    h("p", { class: "practice" }, practice),
    h(
      "ol",
      { class: "steps", "aria-label": words.steps },
      ...words.stepNames.map((name, index) =>
        h(
          "li",
          { class: index + 1 < current ? "done" : null, "aria-current": index + 1 === current ? "step" : null },
          h("span", { class: "number" }, String(index + 1)),
          ` ${name}`,
        ),
      ),
    ),
  ];
}
