// Asks before what was typed into a form is left behind: every form that saves something, but those that say
// data-guard="no". The fields of a refused one come back as they were typed, so nothing differs from how the page came:
// an error in it tells, or data-guard="unsaved" where that stands elsewhere.

const ASKED = "What you typed is not saved yet. Leave it?";
const GUARDED = 'form[method="post"]:not([role="search"], [data-guard="no"])';
// A colour is written into the text field beside its picker, which has its own way to write what it came with.
const UNTYPED = ["hidden", "search", "color"];
const REFUSED = '[role="alert"], [aria-invalid="true"]:not([type="file"])';

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
  const forms = [...root.querySelectorAll<HTMLFormElement>(GUARDED)];
  return forms.some((form) => !form.dataset["sent"] && (wasRefused(form) || differs(form)));
}

function wasRefused(form: HTMLFormElement): boolean {
  return form.dataset["guard"] === "unsaved" || Boolean(form.querySelector(REFUSED));
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
    return "defaultValue" in field && !UNTYPED.includes(field.type) && field.value !== field.defaultValue;
  });
}
