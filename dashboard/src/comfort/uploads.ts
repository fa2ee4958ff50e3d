// A file that is too large is told of where it was chosen: the server refuses it unread, after all of it was sent.

export function notTooLarge(input: HTMLInputElement): void {
  const largest = Number(input.dataset["largest"]);
  input.addEventListener("change", () => {
    const isTooLarge = [...(input.files ?? [])].some((file) => file.size > largest);
    input.setCustomValidity(isTooLarge ? (input.dataset["tooLarge"] ?? "") : "");
    input.reportValidity();
  });
}
