// What was done in the calendar, with a way back, said where it is seen and read out; and a question before it is done.

/**
 * Shows `words` until something else is said or it is closed; with `undo`, a button that calls it. What it returns takes
 * the words back.
 */
export function tell(words: string, undo?: () => void): () => void {
  const said = document.getElementById("calendar-told") ?? toast();
  const text = document.createElement("span");
  text.textContent = words;
  const buttons = document.createElement("span");
  buttons.className = "row";
  if (undo) {
    buttons.append(button("Undo", "button button-small", () => {
      said.replaceChildren();
      undo();
    }));
  }
  buttons.append(button("Close", "button button-small button-quiet", () => said.replaceChildren()));
  // Set in a later turn, so that it is read out even where the region is new.
  setTimeout(() => said.replaceChildren(text, buttons));
  return () => {
    text.remove();
    buttons.remove();
  };
}

/** Whether somebody goes on in spite of `reasons`. Escape is no. */
export function ask(heading: string, reasons: string[], yes: string, no: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "calendar-asks card stack";
  const title = document.createElement("h2");
  title.id = "calendar-asks-title";
  title.textContent = heading;
  dialog.setAttribute("aria-labelledby", title.id);
  const list = document.createElement("ul");
  list.append(...reasons.map((reason) => {
    const item = document.createElement("li");
    item.textContent = reason;
    return item;
  }));
  const row = document.createElement("div");
  row.className = "row";
  if (yes) {
    row.append(button(yes, "button", () => dialog.close("yes")));
  }
  const back = button(no, "button button-primary", () => dialog.close("no"));
  row.append(back);
  dialog.append(title, list, row);
  document.body.append(dialog);
  const before = document.activeElement;
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement) {
        before.focus();
      }
      answer(dialog.returnValue === "yes");
    });
    dialog.showModal();
    back.focus();
  });
}

function toast(): HTMLElement {
  const made = document.createElement("div");
  made.id = "calendar-told";
  made.className = "calendar-told";
  made.setAttribute("role", "status");
  document.body.append(made);
  return made;
}

function button(label: string, look: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}
