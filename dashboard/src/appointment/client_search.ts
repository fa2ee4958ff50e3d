// Search clients: a combobox whose listbox shows the best files while somebody types. Picking one opens it in the
// client question, to be compared and linked. Without scripts the field is a form of its own.

interface Found {
  id: string;
  name: string;
  about: string;
}

const PAUSE_MS = 150;

/** Without `picked`, a client who is picked is shown on the page of `data-client-search`. */
export function clientSearch(input: HTMLInputElement, picked?: (option: HTMLElement) => void): void {
  const list = document.createElement("ul");
  list.className = "options";
  list.id = "client-options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Clients found");
  list.hidden = true;
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("aria-live", "polite");
  input.after(list, told);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }

  let active = -1;
  let pause = 0;
  let asked = "";

  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[role=option]")];

  function open(isOpen: boolean): void {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) {
      activate(-1);
    }
  }

  function activate(index: number): void {
    active = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function pick(option: HTMLElement): void {
    if (picked) {
      picked(option);
      open(false);
      return;
    }
    // By a link, so that it opens where the search is: on the page or in the panel.
    const link = document.createElement("a");
    link.href = `${input.dataset["clientSearch"] ?? ""}?client=${option.dataset["client"] ?? ""}`;
    input.after(link);
    link.click();
  }

  async function search(): Promise<void> {
    const text = input.value.trim();
    asked = text;
    if (!text) {
      open(false);
      return;
    }
    // Posted, because addresses end up in logs, and this is somebody's name.
    const response = await fetch("/clients/search", {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams({ q: text, csrf: new FormData(input.form!).get("csrf") as string }),
    });
    const { clients = [] } = response.ok ? ((await response.json()) as { clients: Found[] }) : {};
    // An answer that comes late, after more was typed or the list was closed, is none.
    if (!response.ok || asked !== text) {
      return;
    }
    const chosen = options()[active]?.dataset["client"];
    list.replaceChildren(...clients.map(option));
    told.textContent = clients.length ? `${clients.length} found` : "No client found";
    // What is only heard when there are options to see is seen when there are none.
    told.className = clients.length ? "visually-hidden" : "hint";
    open(clients.length > 0);
    // Whoever was chosen already stays so.
    activate(clients.findIndex((client) => client.id === chosen));
  }

  function searchSoon(): void {
    stop();
    // What can't be had now is asked for with the next letter.
    pause = setTimeout(() => void search().catch(() => undefined), PAUSE_MS);
  }

  function stop(): void {
    clearTimeout(pause);
    asked = "";
  }

  input.addEventListener("input", searchSoon);
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    const chosen = options()[active];
    if (event.key === "Escape" && !list.hidden) {
      stop();
      open(false);
    } else if (event.key === "Enter" && !list.hidden && chosen) {
      pick(chosen);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      open(true);
      const next = event.key === "ArrowDown" ? active + 1 : active < 0 ? count - 1 : active - 1;
      activate(next >= count ? 0 : next < 0 ? count - 1 : next);
    } else {
      return;
    }
    event.preventDefault();
  });
  input.addEventListener("blur", () => {
    stop();
    open(false);
  });
  // Before the field loses focus, which closes the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (option) {
      pick(option);
    }
  });
  // Typed before this script was there.
  if (document.activeElement === input && input.value !== input.defaultValue) {
    searchSoon();
  }
}

function option(client: Found, index: number): HTMLElement {
  const element = document.createElement("li");
  element.className = "option";
  element.id = `client-option-${index}`;
  element.setAttribute("role", "option");
  element.dataset["client"] = client.id;
  const name = document.createElement("bdi");
  name.className = "strong";
  name.textContent = client.name;
  const about = document.createElement("span");
  about.className = "muted small";
  about.textContent = client.about;
  element.append(name, " ", about);
  return element;
}
