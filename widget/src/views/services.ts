/** The first step: what the visit is for. */

import type { Service } from "../contract";
import { h, uniqueId } from "../dom";
import { factsOf, type Env } from "../env";

export function servicesView(env: Env, services: Service[], onpick: (service: Service) => void): HTMLElement {
  return h(
    "section",
    {},
    h("h2", { tabindex: "-1", part: "heading" }, env.words.chooseService),
    h("ul", { class: "services" }, ...services.map((service) => item(env, service, onpick))),
  );
}

function item(env: Env, service: Service, onpick: (service: Service) => void): HTMLElement {
  const { words } = env;
  const id = uniqueId();
  const note = { everyone: "", new: words.newOnly, returning: words.returningOnly }[service.booking];
  return h(
    "li",
    { class: "service motion", part: "service" },
    h(
      "button",
      { type: "button", class: "service-name", "aria-describedby": `${id} ${id}f`, onclick: () => onpick(service) },
      service.name,
    ),
    (service.description || note) &&
      h(
        "div",
        { id, class: "service-about" },
        service.description && h("p", { class: "hint" }, service.description),
        note && h("p", { class: "service-note" }, note),
      ),
    h("p", { id: `${id}f`, class: "service-facts" }, factsOf(env, service)),
  );
}
