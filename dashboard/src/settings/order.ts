// A list is put in another order by dragging its grips, or by its buttons without leaving the page.

interface Moved {
  said: string;
}

// One after another, so that what was done last is also what is kept.
let kept = Promise.resolve();
let queued = 0;

export function order(list: HTMLElement): void {
  addEventListener("beforeunload", ask);
  const said = document.querySelector<HTMLElement>("[data-order-said]");
  for (const row of rows(list)) {
    const grip = row.querySelector<HTMLElement>("[data-grip]");
    if (grip) {
      grip.hidden = false;
      grip.addEventListener("pointerdown", (event) => drag(list, row, event, said));
    }
  }
  list.addEventListener("submit", (event) => {
    const button = (event as SubmitEvent).submitter;
    const row = button?.closest<HTMLElement>("[data-row]");
    if (!(button instanceof HTMLButtonElement) || !row) {
      return;
    }
    event.preventDefault();
    const other = button.value === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (other) {
      list.insertBefore(button.value === "up" ? row : other, button.value === "up" ? other : row);
      ends(list);
      (button.disabled ? buttons(row).find((one) => !one.disabled) : button)?.focus();
      keep(list, row, said);
    }
  });
}

function rows(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-row]")];
}

function buttons(row: HTMLElement): HTMLButtonElement[] {
  return [...row.querySelectorAll<HTMLButtonElement>("button[name=to]")];
}

/** The first can't go up, the last not down. */
function ends(list: HTMLElement): void {
  const all = rows(list);
  all.forEach((row, place) => {
    for (const button of buttons(row)) {
      button.disabled = button.value === "up" ? place === 0 : place === all.length - 1;
    }
  });
}

/** The window hears of the pointer: a row that is put elsewhere would lose its hold of it. */
function drag(list: HTMLElement, row: HTMLElement, down: PointerEvent, said: HTMLElement | null): void {
  if (down.button !== 0) {
    return;
  }
  down.preventDefault();
  row.classList.add("dragged");
  const before = row.nextElementSibling;
  const move = (event: PointerEvent) => {
    const below = rows(list).find((one) => one !== row && event.clientY < middle(one));
    list.insertBefore(row, below ?? null);
  };
  const end = (event: PointerEvent) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    row.classList.remove("dragged");
    if (event.type === "pointercancel") {
      list.insertBefore(row, before);
    } else if (row.nextElementSibling !== before) {
      ends(list);
      keep(list, row, said);
    }
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
}

function middle(row: HTMLElement): number {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}

/** Tells the server, after what it was told before. */
function keep(list: HTMLElement, row: HTMLElement, said: HTMLElement | null): void {
  const form = row.querySelector<HTMLFormElement>("form.order-buttons");
  if (!form) {
    return;
  }
  const body = new URLSearchParams({
    csrf: (form.elements.namedItem("csrf") as HTMLInputElement).value,
    to: String(rows(list).indexOf(row) + 1),
  });
  queued++;
  kept = kept.then(() => {
    queued--;
    return send(form.action, body, said);
  });
}

/** What is on its way arrives without the page; what waits behind it would be lost. */
function ask(event: BeforeUnloadEvent): void {
  if (queued) {
    event.preventDefault();
  }
}

/** What the server can't keep is shown as it is there, after a reload. */
async function send(address: string, body: URLSearchParams, said: HTMLElement | null): Promise<void> {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(address, { method: "POST", body, headers, keepalive: true });
    if (answer.ok && said) {
      said.textContent = ((await answer.json()) as Moved).said;
      return;
    }
  } catch {
    // Away for the moment: the page is loaded again, and tells what is wrong.
  }
  removeEventListener("beforeunload", ask);
  location.reload();
}
