/** The field for an email address, which points out a mistyped domain. */

import { fill, h } from "../dom";
import { put, type DetailsWords } from "../words";
import { likelyAddress } from "./email";
import { input, textField, type Field } from "./fields";

/** `name` is the control's; using what was meant counts as typing it. */
export function emailField(words: DetailsWords, name: string): Field & { target: HTMLInputElement } {
  const suggestion = h("p", { class: "suggestion", role: "status" });
  const control = input(name, {
    type: "email",
    dir: "ltr",
    autocomplete: "email",
    inputmode: "email",
    autocapitalize: "off",
    spellcheck: "false",
    onchange: suggest,
  });

  function suggest(): void {
    const meant = likelyAddress(control.value.trim());
    const use = () => {
      control.value = meant ?? "";
      fill(suggestion);
      control.focus();
      control.dispatchEvent(new Event("input", { bubbles: true }));
    };
    fill(
      suggestion,
      meant && `${put(words.didYouMean, { email: meant })} `,
      meant && h("button", { type: "button", class: "text-button", onclick: use }, words.useIt),
    );
  }

  return { ...textField(words.email, "", control, suggestion), target: control };
}
