/** The form *Your details*. It owns what is typed; changing the chosen time never touches it. */

import type { Asks, Practice, Service } from "../contract";
import { fill, h, type Child } from "../dom";
import { put, type DetailsWords } from "../words";
import type { Values } from "./draft";
import { emailField } from "./email-field";
import { groupField, input, radioField, textField, tickField, type Field } from "./fields";
import type { Problems } from "./request";
import { ErrorSummary } from "./summary";

/** `restored`: what it begins with was typed before the page was loaded again, which it says. */
export class DetailsForm {
  readonly element: HTMLFormElement;
  private readonly heading = h("h1", { tabindex: "-1" });
  private readonly failure = h("div", { role: "alert" });
  private readonly fields = new Map<string, Field>();
  private readonly summary: ErrorSummary;
  private readonly names = h("div", { class: "columns" });
  private readonly contact = h("div", { class: "columns" });
  private readonly person = h("div", { class: "part" });
  private readonly booker = h("div", { class: "part" });
  private readonly visitor = h("h2", {});
  private readonly button = h("button", { type: "submit", class: "button main send" });
  private readonly progress = h("p", { class: "unseen", role: "status" });

  constructor(
    private readonly words: DetailsWords,
    private readonly practice: Practice,
    service: Service,
    values: Values,
    restored: boolean,
    onsubmit: () => void,
    private readonly onchange: (values: Values) => void,
  ) {
    this.summary = new ErrorSummary(words, this.fields);
    this.heading.append(words.heading);
    this.visitor.append(words.visitor);
    this.button.append(words.send);
    this.element = h(
      "form",
      { novalidate: true, onsubmit: (event: Event) => (event.preventDefault(), onsubmit()) },
      this.heading,
      restored && h("p", { class: "hint" }, words.restored),
      this.summary.element,
      this.add(
        "who",
        radioField("who", words.who, "", [
          ["me", words.me],
          ["other", words.someoneElse],
        ]),
      ),
      this.person,
      this.booker,
      h("div", { class: "part" }, ...this.asked("note", (hint) => this.note(hint)), ...service.questions.map((question) => this.question(question))),
      this.consent(practice),
      this.failure,
      this.progress,
      h("div", { class: "end" }, this.button, h("p", { class: "hint" }, put(words.sendHint, { practice: practice.name }))),
    );
    this.person.append(
      this.visitor,
      this.names,
      this.contact,
      ...this.asked("birth_date", (hint) => this.birth(hint)),
      ...this.asked("returning", (hint) => this.returning(hint)),
    );
    this.people();
    this.set(values);
    this.element.addEventListener("input", (event) => this.changed(event.target));
  }

  focus(): void {
    this.heading.focus();
  }

  values(): Values {
    const values: Values = {};
    new FormData(this.element).forEach((value, name) => {
      if (typeof value === "string") values[name] = value;
    });
    return values;
  }

  /** Marks what is wrong, or clears all marks. */
  show(problems: Problems): void {
    this.summary.show(problems);
  }

  fail(...message: Child[]): void {
    fill(this.failure, message.length > 0 && h("div", { class: "notice bad" }, h("p", {}, ...message)));
  }

  /** It isn't sent yet, and nothing has to be done. */
  wait(message: string): void {
    fill(this.failure, h("div", { class: "notice" }, h("p", {}, message)));
  }

  sending(is: boolean): void {
    const { words } = this;
    this.button.textContent = is ? words.sending : words.send;
    this.progress.textContent = is ? words.sending : "";
    if (is) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
  }

  private add(name: string, field: Field): HTMLElement {
    this.fields.set(name, field);
    return field.element;
  }

  private people(): void {
    const { words } = this;
    const name = (path: string, label: string, autocomplete: string) =>
      this.add(path, textField(label, "", input(path, { autocomplete })));
    this.names.append(
      name("client.first_name", words.firstName, "given-name"),
      name("client.last_name", words.lastName, "family-name"),
    );
    this.booker.append(
      h("h2", {}, words.you),
      h(
        "div",
        { class: "columns" },
        name("booked_by.first_name", words.bookerFirstName, "given-name"),
        name("booked_by.last_name", words.bookerLastName, "family-name"),
      ),
      this.add(
        "booked_by.relationship",
        textField(words.relationship, words.relationshipHint, input("booked_by.relationship", { autocomplete: "off" })),
      ),
    );
    this.contact.append(
      this.add("client.email", emailField(words, "client.email")),
      ...this.asked("phone", (hint) =>
        this.add(
          "client.phone",
          textField(
            words.phone,
            hint,
            input("client.phone", { type: "tel", dir: "ltr", autocomplete: "tel", inputmode: "tel", required: !hint }),
          ),
        ),
      ),
    );
  }

  /** The field unless the practice hides it; `hint` says whether it may be left out. */
  private asked(name: keyof Asks, make: (hint: string) => HTMLElement): HTMLElement[] {
    const ask = this.practice.asks?.[name];
    return ask === "hidden" ? [] : [make(ask === "optional" ? this.words.optional : "")];
  }

  private birth(optional: string): HTMLElement {
    const { words } = this;
    const part = (name: string, label: string, length: number, autocomplete: string) => {
      const field = textField(
        label,
        "",
        input(name, { inputmode: "numeric", maxlength: length, autocomplete, required: false }),
      );
      field.element.classList.add(length === 4 ? "four" : "two");
      return field.element;
    };
    return this.add(
      "client.birth_date",
      groupField(
        words.birthDate,
        (optional && `${optional}. `) + words.birthHint,
        h(
          "div",
          { class: "date" },
          part("birth_day", words.day, 2, "bday-day"),
          part("birth_month", words.month, 2, "bday-month"),
          part("birth_year", words.year, 4, "bday-year"),
        ),
      ),
    );
  }

  private returning(hint: string): HTMLElement {
    const { words } = this;
    return this.add(
      "returning",
      radioField("returning", words.returning, hint, [
        ["yes", words.yes],
        ["no", words.no],
        ["unsure", words.unsure],
      ]),
    );
  }

  private note(hint: string): HTMLElement {
    const { words } = this;
    const area = h("textarea", { name: "note", rows: 3, maxlength: 2000 });
    return this.add("note", textField(words.reason, hint, area));
  }

  private question({ id, label, kind, choices, required }: Service["questions"][number]): HTMLElement {
    const { words } = this;
    const name = `answers.${id}`;
    const hint = required ? "" : words.optional;
    if (kind === "yes_no")
      return this.add(
        name,
        radioField(name, label, hint, [
          ["yes", words.yes],
          ["no", words.no],
        ]),
      );
    if (kind === "text")
      return this.add(name, textField(label, hint, input(name, { maxlength: 2000, required, autocomplete: "off" })));
    const options = choices.map((choice) => h("option", { value: choice }, choice));
    return this.add(
      name,
      textField(label, hint, h("select", { name, required }, h("option", { value: "" }, words.choose), ...options)),
    );
  }

  private consent({ name, policies }: Practice): HTMLElement {
    const { words } = this;
    const link =
      policies.privacy_url && h("a", { href: policies.privacy_url, target: "_blank", rel: "noopener" }, words.privacy);
    return this.add("consent", tickField("consent", put(words.agree, { practice: name }), words.consent, link && " ", link));
  }

  private set(values: Values): void {
    for (const control of this.element.elements) {
      if (control instanceof HTMLInputElement && control.type === "radio")
        control.checked = values[control.name] === control.value;
      else if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = false;
      else if (
        control instanceof HTMLInputElement ||
        control instanceof HTMLTextAreaElement ||
        control instanceof HTMLSelectElement
      )
        control.value = values[control.name] ?? "";
    }
    if (!values["who"]) this.element.querySelector<HTMLInputElement>('[name="who"]')!.checked = true;
    this.arrange();
  }

  private changed(control: EventTarget | null): void {
    const name = control instanceof HTMLElement ? (control.getAttribute("name") ?? "") : "";
    this.summary.clear(name.startsWith("birth_") ? "client.birth_date" : name);
    this.arrange();
    const { consent: _, ...values } = this.values();
    this.onchange(values);
  }

  /**
   * Email and phone belong to whoever books; the booker's own name is asked only for somebody else, and is no part of
   * the page before: two fields of nearly one name would be told apart by nobody who can't see them.
   */
  private arrange(): void {
    const other = this.values()["who"] === "other";
    this.visitor.hidden = !other;
    for (const [name, on] of [
      ["client.first_name", "given-name"],
      ["client.last_name", "family-name"],
    ] as const)
      this.fields.get(name)?.target.setAttribute("autocomplete", other ? "off" : on);
    if (other) {
      if (this.booker.parentElement !== this.element) this.person.after(this.booker);
      if (this.contact.parentElement !== this.booker) this.booker.append(this.contact);
    } else {
      if (this.contact.parentElement === this.booker) this.names.after(this.contact);
      this.booker.remove();
    }
  }
}
