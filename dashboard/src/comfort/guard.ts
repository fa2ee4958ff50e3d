// Asks before what was typed into a form with data-guard is left behind. A refused form, whose fields come back as they
// were typed, says data-guard="unsaved": it isn't saved, though nothing differs from how the page came.

const ASKED = "What you typed is not saved yet. Leave it?";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function guard(): void {
  addEventListener("beforeunload", (event) => {
    if (unsaved(document)) {
      event.preventDefault();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && !event.defaultPrevented) {
      event.target.dataset["sent"] = "yes";
    }
  });
}

/** Whether something typed within ``root`` would be lost. */
export function unsaved(root: ParentNode): boolean {
  const forms = [...root.querySelectorAll<HTMLFormElement>("form[data-guard]")];
  return forms.some((form) => !form.dataset["sent"] && (form.dataset["guard"] === "unsaved" || differs(form)));
}

/** Whether the person lets go of it, if there is anything. */
export function mayLeave(root: ParentNode): boolean {
  return !unsaved(root) || confirm(ASKED);
}

function differs(form: HTMLFormElement): boolean {
  return ([...form.elements] as Field[]).some((field) => {
    if (field instanceof HTMLSelectElement) {
      const first = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(first, 0);
    }
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
      return field.checked !== field.defaultChecked;
    }
    return "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
  });
}
