/** With whom and where: a choice where there is one, otherwise the plain fact. */

import { h, type Child } from "../dom";
import { locationsFor, practitionersFor, type Choice, type Env } from "../env";
import { picker as words } from "../strings";

/** Both fields, each calling back with the id picked; an empty practitioner is *any*. */
export function filtersView(
  env: Env,
  choice: Choice,
  onpractitioner: (id: string) => void,
  onlocation: (id: string) => void,
): Child[] {
  const all = practitionersFor(env.practice, choice.service, null);
  const here = practitionersFor(env.practice, choice.service, choice.location.id);
  const places = locationsFor(env.practice, choice.service, choice.practitioner);
  const people = here.map((one): [string, string] => [one.id, [one.name, one.title].filter(Boolean).join(", ")]);
  const [only] = all;
  return [
    all.length > 1
      ? select(words.with, [["", words.anyPractitioner], ...people], choice.practitioner ?? "", onpractitioner)
      : only
        ? fact(words.with, only.name)
        : null,
    places.length > 1
      ? select(
          words.where,
          places.map((place) => [place.id, place.name]),
          choice.location.id,
          onlocation,
        )
      : fact(words.where, choice.location.name),
  ];
}

function select(label: string, options: [string, string][], value: string, onpick: (id: string) => void): HTMLElement {
  const field = h(
    "select",
    { class: "field motion", name: label, onchange: () => onpick(field.value) },
    ...options.map(([id, text]) => h("option", { value: id, selected: id === value }, text)),
  );
  return h("label", {}, h("span", { class: "label" }, label), h("span", { class: "select" }, field));
}

function fact(label: string, text: string): HTMLElement {
  return h("p", {}, h("span", { class: "label" }, label), h("span", { class: "fact" }, text));
}
