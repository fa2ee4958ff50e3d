// A button that copies what stands in the field that it names, and says so.

/** How long the button says it, in ms. */
const SAYING = 2500;

export function copying(button: HTMLButtonElement, said: HTMLElement | null): void {
  const field = document.getElementById(button.dataset["copy"] ?? "");
  const word = button.querySelector("span");
  const isField = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement;
  if (!word || !isField) {
    return;
  }
  button.hidden = false;
  let timer = 0;
  const say = (text: string) => {
    word.textContent = text;
    if (said) {
      said.textContent = text;
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      word.textContent = "Copy";
      if (said) {
        said.textContent = "";
      }
    }, SAYING);
  };
  button.addEventListener("click", async () => {
    say((await copied(field)) ? "Copied" : "Marked: copy it with your keyboard");
  });
}

async function copied(field: HTMLTextAreaElement | HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // No permission, or an address without https: the old way, which leaves the text marked where it fails.
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
