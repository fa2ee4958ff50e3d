/** Form fields with label, hint and a place for an error; each knows the name that the server has for it. */

import { fill, h, uniqueId, type Child, type Props } from "../dom";

export interface Field {
  element: HTMLElement;
  /** Where the focus goes from the error summary. */
  target: HTMLElement;
  label: string;
  showError(reason: string): void;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A label above a control. `props` go to the control. */
export function textField(label: string, hint: string, control: Control, ...below: Child[]): Field {
  const [id, hintId, errorId] = [uniqueId(), uniqueId(), uniqueId()];
  const error = h("p", { id: errorId, class: "error" });
  control.id = id;
  control.classList.add("field", "motion");
  control.setAttribute("aria-describedby", hint ? `${errorId} ${hintId}` : errorId);
  return {
    element: h(
      "div",
      { class: "field-box" },
      h(
        "div",
        { class: "label-row" },
        h("label", { for: id, dir: "auto" }, label),
        hint && h("span", { id: hintId, class: "hint" }, hint),
      ),
      control instanceof HTMLSelectElement ? h("span", { class: "select" }, control) : control,
      error,
      ...below,
    ),
    target: control,
    label,
    showError: (reason) => {
      fill(error, reason);
      if (reason) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    },
  };
}

export function input(name: string, props: Props = {}): HTMLInputElement {
  return h("input", { name, type: "text", required: true, maxlength: 200, ...props });
}

/** Radio buttons in a named group. */
export function radioField(name: string, label: string, hint: string, options: [string, string][]): Field {
  const radios = options.map(([value, text]) => {
    const id = uniqueId();
    return h("div", { class: "radio" }, h("input", { type: "radio", name, value, id }), h("label", { for: id }, text));
  });
  return groupField(label, hint, h("div", { class: "radios" }, ...radios), true);
}

/** Several controls under one legend and one error. */
export function groupField(label: string, hint: string, controls: HTMLElement, radios = false): Field {
  const [hintId, errorId, labelId] = [uniqueId(), uniqueId(), uniqueId()];
  const error = h("p", { id: errorId, class: "error" });
  const about = hint ? `${errorId} ${hintId}` : errorId;
  const inputs = [...controls.querySelectorAll("input")];
  return {
    element: h(
      "div",
      {
        class: "field-box group",
        role: radios ? "radiogroup" : "group",
        "aria-labelledby": labelId,
        "aria-describedby": about,
      },
      h(
        "div",
        { class: "label-row" },
        h("span", { id: labelId, dir: "auto" }, label),
        hint && h("span", { id: hintId, class: "hint" }, hint),
      ),
      controls,
      error,
    ),
    target: inputs[0] ?? controls,
    label,
    showError: (reason) => {
      fill(error, reason);
      for (const one of inputs) {
        if (reason) one.setAttribute("aria-invalid", "true");
        else one.removeAttribute("aria-invalid");
      }
    },
  };
}

/** A box to tick, its text beside it; `short` names it in the error summary. */
export function tickField(name: string, label: string, short: string, ...after: Child[]): Field {
  const [id, errorId] = [uniqueId(), uniqueId()];
  const error = h("p", { id: errorId, class: "error" });
  const box = h("input", { type: "checkbox", name, id, value: "yes", required: true, "aria-describedby": errorId });
  return {
    element: h(
      "div",
      { class: "field-box" },
      h("div", { class: "tick" }, box, h("p", {}, h("label", { for: id }, label), ...after)),
      error,
    ),
    target: box,
    label: short,
    showError: (reason) => {
      fill(error, reason);
      if (reason) box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    },
  };
}
