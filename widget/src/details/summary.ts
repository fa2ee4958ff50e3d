/** What is wrong in the form: at each field, and listed at the top with links to the fields. */

import { fill, h } from "../dom";
import type { DetailsWords } from "../words";
import type { Field } from "./fields";
import type { Problems } from "./request";

export class ErrorSummary {
  readonly element = h("div", { class: "notice bad", role: "alert", tabindex: "-1", hidden: true });
  private readonly items = new Map<string, HTMLElement>();

  /** `fields` are found by the server's name of each. */
  constructor(
    private readonly words: DetailsWords,
    private readonly fields: Map<string, Field>,
  ) {}

  /** Marks each field, lists all of them, and moves the focus to the list. Without problems it clears everything. */
  show(problems: Problems): void {
    for (const [name, field] of this.fields) field.showError(problems[name] ?? "");
    this.items.clear();
    for (const [name, reason] of Object.entries(problems)) this.items.set(name, this.item(name, reason));
    fill(this.element, h("h2", {}, this.words.summary), h("ul", {}, ...this.items.values()));
    this.element.hidden = !this.items.size;
    if (this.items.size) this.element.focus();
  }

  /** Whoever corrects a field needn't look at its error any longer. */
  clear(name: string): void {
    this.items.get(name)?.remove();
    if (!this.items.delete(name)) return;
    this.fields.get(name)?.showError("");
    this.element.hidden = !this.items.size;
  }

  private item(name: string, reason: string): HTMLElement {
    const field = this.fields.get(name);
    if (!field) return h("li", {}, reason);
    const go = (event: Event) => {
      event.preventDefault();
      field.target.focus();
    };
    return h("li", {}, h("a", { href: `#${field.target.id}`, onclick: go }, field.label), `: ${reason}`);
  }
}
