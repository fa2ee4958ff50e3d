/** *We wrote to ana@… · Not right?*: the one thing that can still be corrected on the last screen. */

import { ApiError } from "../api";
import type { Practice } from "../contract";
import { fill, h, type Child } from "../dom";
import { put, type DetailsWords } from "../words";
import { isAddress } from "./email";
import { emailField } from "./email-field";

export interface CorrectionModel {
  words: DetailsWords;
  practice: Practice;
  reference: string;
  email: string;
  /** Throws `ApiError`. */
  oncorrect(email: string): Promise<unknown>;
}

export function correctionView({ words, practice, reference, email, oncorrect }: CorrectionModel): HTMLElement {
  const field = emailField(words, "email");
  const said = h("div", { role: "status" });
  const summary = h("summary");
  const button = h("button", { type: "submit", class: "button" }, words.correct);
  const form = h("form", { novalidate: true, onsubmit: (event: Event) => void send(event) }, field.element, button);
  let busy = false;

  const wrote = (to: string) =>
    fill(summary, `${put(words.wroteTo, { email: to })} · `, h("span", { class: "ask" }, words.notRight));

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const right = field.target.value.trim();
    const good = isAddress(right);
    field.showError(good ? "" : words.needed.email);
    if (!good) return field.target.focus();
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    fill(said);
    try {
      await oncorrect(right);
      wrote(right);
      field.target.value = "";
      say(put(words.corrected, { email: right }));
    } catch (error) {
      refused(error);
    }
    button.removeAttribute("aria-disabled");
    busy = false;
  }

  const say = (...children: Child[]) => fill(said, h("p", {}, ...children));

  function refused(error: unknown): void {
    const { code, fields } = error instanceof ApiError ? error : { code: "", fields: {} };
    const hint = put(words.notRightHint, { practice: practice.name, reference });
    if ("email" in fields) {
      field.showError(words.needed.email);
      field.target.focus();
    } else if (code === "offline") say(put(words.offline, { practice: practice.name }));
    else if (code === "slow_down") say(words.busy);
    else say(hint, ...contact(practice));
  }

  wrote(email);
  return h("details", {}, summary, form, said);
}

function contact({ contact: { phone, email } }: Practice): Child[] {
  return [
    phone && " ",
    phone && h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}`, dir: "ltr" }, phone),
    email && " ",
    email && h("a", { href: `mailto:${email}` }, email),
  ];
}
