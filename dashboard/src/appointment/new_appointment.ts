// A new appointment: whoever is picked in the search becomes its client, without leaving what was entered.

import { clientSearch } from "./client_search";

export function newAppointment(form: HTMLFormElement): void {
  const search = form.querySelector<HTMLInputElement>("[data-client-search]");
  const chosen = form.querySelector<HTMLElement>("#chosen-client");
  const choice = form.querySelector<HTMLElement>("#client-choice");
  const client = chosen?.querySelector<HTMLInputElement>("[name=client]");
  const other = form.querySelector<HTMLButtonElement>("#choose-other");
  if (!search || !chosen || !choice || !client || !other) {
    return;
  }

  function show(id: string, name: string, about: string): void {
    client!.value = id;
    document.getElementById("chosen-name")!.textContent = name;
    document.getElementById("chosen-about")!.textContent = about;
    chosen!.hidden = !id;
    choice!.hidden = Boolean(id);
    search!.value = "";
    (id ? other! : search!).focus();
  }

  clientSearch(search, (option) => {
    const [name, about] = option.children;
    show(option.dataset["client"] ?? "", name?.textContent ?? "", about?.textContent ?? "");
  });
  other.addEventListener("click", (event) => {
    event.preventDefault();
    // What a search without scripts has found would still be sent.
    for (const radio of choice.querySelectorAll<HTMLInputElement>("[name=client]")) {
      radio.checked = false;
    }
    show("", "", "");
  });
}
