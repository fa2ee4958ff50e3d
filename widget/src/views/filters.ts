/** With whom and where: a choice where there is one, otherwise a plain fact. */

import { h, type Child } from "../dom";
import { locationsFor, practitionersFor, type Choice, type Env } from "../env";
import { put } from "../words";

/** A field for each that there is a choice of, calling back with the id picked; an empty practitioner is *any*. */
export function filtersView(
  env: Env,
  choice: Choice,
  onpractitioner: (id: string) => void,
  onlocation: (id: string) => void,
): Child[] {
  const { practice, words } = env;
  const { service, practitioner, location } = choice;
  const people = practitionersFor(practice, service, location.id).map((one): [string, string] => [
    one.id,
    [one.name, one.title].filter(Boolean).join(", "),
  ]);
  const places = locationsFor(practice, service, practitioner).map((one): [string, string] => [one.id, one.name]);
  return [
    practitionersFor(practice, service, null).length > 1 &&
      select(words.with, [["", words.anyPractitioner], ...people], practitioner ?? "", onpractitioner),
    locationsFor(practice, service, null).length > 1 && select(words.where, places, location.id, onlocation),
  ];
}

/** What there is no choice of: *with Ana Ruiz*, *Main Street*. */
export function settledFacts({ practice, words }: Env, { service }: Choice): string[] {
  const [who, ...others] = practitionersFor(practice, service, null);
  const [where, ...elsewhere] = locationsFor(practice, service, null);
  return [who && !others.length ? put(words.withName, { name: who.name }) : "", where && !elsewhere.length ? where.name : ""].filter(
    Boolean,
  );
}

function select(label: string, options: [string, string][], value: string, onpick: (id: string) => void): HTMLElement {
  const field = h(
    "select",
    { class: "field motion", name: label, onchange: () => onpick(field.value) },
    ...options.map(([id, text]) => h("option", { value: id, selected: id === value }, text)),
  );
  return h("label", {}, h("span", { class: "label" }, label), h("span", { class: "select" }, field));
}
