// What a day of the month has no room for: a link to that day. The library's own button would open a small dialog,
// which is one more thing to learn and to close.

export function moreContent(num: number): HTMLElement {
  const link = document.createElement("a");
  link.className = "calendar-more";
  link.textContent = `+${num} more`;
  // Where it stands is known only once it does.
  queueMicrotask(() => lead(link));
  return link;
}

function lead(link: HTMLAnchorElement): void {
  const date = link.closest(".ec-day")?.querySelector("time")?.dateTime;
  const button = link.parentElement;
  if (!date || !button) {
    return;
  }
  const query = new URLSearchParams(link.closest<HTMLElement>("[data-query]")?.dataset["query"]);
  query.set("view", "day");
  query.set("date", date);
  link.href = `/calendar?${query}`;
  const page = link.closest<HTMLElement>("[data-locale]");
  const day = new Date(`${date}T12:00`).toLocaleDateString(page?.dataset["locale"], { month: "long", day: "numeric" });
  link.ariaLabel = `${link.textContent} on ${day}`;
  for (const name of ["role", "tabindex", "aria-haspopup"]) {
    button.removeAttribute(name);
  }
}
