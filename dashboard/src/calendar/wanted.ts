// The view and date that the page asks for, in the calendar library's words.

const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth", list: "listWeek" };

export function wanted(page: HTMLElement): { view: string; date: string } {
  const view = page.dataset["view"] as keyof typeof VIEWS;
  return { view: VIEWS[view], date: page.dataset["date"] ?? "" };
}
