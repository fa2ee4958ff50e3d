// Options that rewrite the snippet while they are chosen. The server writes it: there is one place that knows how.

interface Written {
  snippet: string;
  hosted: string;
  label: string;
  query: string;
  wrong: Record<string, string>;
}

const ADDRESS = "/settings/widget";
/** How long typing has to pause, in ms. */
const PAUSE = 250;

export function options(form: HTMLFormElement): void {
  let timer = 0;
  let latest = 0;
  const rewrite = async () => {
    const turn = ++latest;
    try {
      const response = await fetch(`${ADDRESS}/snippet?${chosen(form)}`, { headers: { Accept: "application/json" } });
      if (response.ok && !response.redirected) {
        const written = (await response.json()) as Written;
        if (turn === latest) {
          show(form, written);
        }
      } else {
        form.submit();
      }
    } catch {
      // Away for the moment: the next change tries again, and the snippet still is what the fields said before.
    }
  };
  picking(form);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(rewrite, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void rewrite();
  });
}

/** A colour is easier picked than typed, but only a script can tell it from none. */
function picking(form: HTMLFormElement): void {
  const picker = form.querySelector<HTMLInputElement>("#colour");
  const field = form.querySelector<HTMLInputElement>("#accent");
  if (picker && field) {
    picker.hidden = false;
    picker.addEventListener("input", () => {
      field.value = picker.value;
    });
  }
}

function chosen(form: HTMLFormElement): string {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim()) {
      fields.set(name, value);
    }
  }
  return fields.toString();
}

function show(form: HTMLFormElement, written: Written): void {
  const query = written.query ? `?${written.query}` : "";
  history.replaceState(null, "", `${ADDRESS}${query}`);
  put("snippet", "value", written.snippet);
  put("hosted", "value", written.hosted);
  put("open-hosted", "href", written.hosted);
  put("label", "placeholder", written.label);
  put("qr-file", "href", `${ADDRESS}/qr.svg${query}`);
  put("qr", "src", `${ADDRESS}/qr.svg${query}`);
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=options]")) {
    field.value = written.query;
  }
  const page = document.querySelector<HTMLIFrameElement>(".preview-page");
  const address = `${ADDRESS}/preview${query}`;
  if (page && page.getAttribute("src") !== address) {
    page.src = address;
  }
  for (const hint of form.querySelectorAll<HTMLElement>("[data-hint]")) {
    const name = hint.id.replace("-hint", "");
    const problem = written.wrong[name];
    hint.textContent = problem ?? hint.dataset["hint"] ?? "";
    hint.className = problem ? "error" : "hint";
    const field = document.getElementById(name);
    field?.toggleAttribute("aria-invalid", problem !== undefined);
    if (problem) {
      field?.setAttribute("aria-invalid", "true");
    }
  }
}

function put(id: string, property: "value" | "href" | "src" | "placeholder", text: string): void {
  const element = document.getElementById(id);
  if (element && element.getAttribute(property) !== text) {
    Object.assign(element, { [property]: text });
  }
}
