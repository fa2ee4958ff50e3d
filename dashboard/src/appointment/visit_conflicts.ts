// Says what speaks against another time, practitioner or place as soon as it is chosen.

interface Answer {
  time?: string;
  conflicts?: string[];
  fields?: Record<string, string>;
}

const FIELDS = ["service", "practitioner", "location", "date", "time", "minutes"];
const UNKNOWN = "Whether this fits could not be checked just now. It is checked again when you save.";

export function visitConflicts(form: HTMLFormElement, shown: HTMLElement): void {
  let latest = 0;
  form.addEventListener("change", ({ target }) => {
    if (target instanceof Element && FIELDS.includes(target.getAttribute("name") ?? "")) {
      void ask();
    }
  });

  const isNew = form.dataset["visitNew"] !== undefined;
  if (isNew) {
    void ask();
  }

  async function ask(): Promise<void> {
    const number = ++latest;
    const fields = new FormData(form);
    if (isNew && !(fields.get("date") && fields.get("time"))) {
      return; // nothing was chosen yet
    }
    const notice = await answered().catch(() => noticeOf("notice-warn", "", [UNKNOWN]));
    // An answer that comes late, after something else was chosen, is none.
    if (number === latest) {
      shown.replaceChildren(notice);
    }
  }

  async function answered(): Promise<HTMLElement> {
    const query = new URLSearchParams();
    for (const name of FIELDS) {
      query.set(name, String(new FormData(form).get(name) ?? ""));
    }
    const response = await fetch(`${form.dataset["visit"] ?? ""}/conflicts?${query}`, {
      headers: { accept: "application/json" },
    });
    if (response.status === 401) {
      // Not reloaded: a page that answered a form would be sent again.
      location.assign(form.dataset["visit"] ?? "/");
    }
    const { time, conflicts, fields } = (await response.json()) as Answer;
    if (response.ok && conflicts) {
      return conflicts.length
        ? noticeOf("notice-warn", time ?? "", conflicts)
        : noticeOf("notice-ok", time ?? "", ["Nothing speaks against it."]);
    }
    const wrong = response.status === 422 ? Object.values(fields ?? {}) : [];
    return noticeOf("notice-warn", "", wrong.length ? wrong : [UNKNOWN]);
  }
}

function noticeOf(look: string, time: string, words: string[]): HTMLElement {
  const notice = document.createElement("div");
  notice.className = `notice ${look}`;
  const lines = time ? [time, ...words] : words;
  for (const text of lines) {
    const line = document.createElement("p");
    line.textContent = text;
    notice.append(line);
  }
  if (time) {
    notice.firstElementChild?.classList.add("strong");
  }
  return notice;
}
