// Says what speaks against another time, practitioner or place as soon as it is chosen.

export function visitConflicts(form: HTMLFormElement, shown: HTMLElement): void {
  form.addEventListener("change", () => void ask());

  async function ask(): Promise<void> {
    const query = new URLSearchParams();
    for (const name of ["service", "practitioner", "location", "date", "time"]) {
      query.set(name, String(new FormData(form).get(name) ?? ""));
    }
    const response = await fetch(`${form.dataset["visit"] ?? ""}/conflicts?${query}`, {
      headers: { accept: "application/json" },
    });
    const answer = (await response.json()) as { time?: string; conflicts?: string[]; fields?: Record<string, string> };
    const against = answer.conflicts ?? Object.values(answer.fields ?? {});
    const notice = document.createElement("div");
    notice.className = against.length ? "notice notice-warn" : "notice notice-ok";
    const time = document.createElement("p");
    time.className = "strong";
    time.textContent = answer.time ?? "";
    notice.append(time);
    for (const words of against.length ? against : ["Nothing speaks against it."]) {
      const line = document.createElement("p");
      line.textContent = words;
      notice.append(line);
    }
    shown.replaceChildren(notice);
  }
}
