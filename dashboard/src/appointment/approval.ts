// Approve stays within reach while something is missing, and says what.

export function approval(form: HTMLFormElement, missing: HTMLElement): void {
  form.addEventListener("submit", (event) => {
    if (form.querySelector("[aria-disabled=true]")) {
      event.preventDefault();
      const text = missing.textContent;
      missing.classList.add("decide-told");
      // Set anew, so that it is also read out.
      missing.textContent = "";
      requestAnimationFrame(() => {
        missing.textContent = text;
      });
    }
  });
}
