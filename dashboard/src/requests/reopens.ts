// Once the mails of several decisions have left, taking them back means writing again, and the button says so.

export function reopens(form: HTMLFormElement): void {
  const [button, told] = [form.querySelector("button"), form.querySelector("[aria-live]")];
  setTimeout(() => {
    if (button && told) {
      button.textContent = button.textContent?.replace("Undo", "Reopen") ?? "";
      told.textContent = "The clients have been emailed. If you reopen, they are told that their request waits again.";
    }
  }, Number(form.dataset["reopens"]) * 1_000);
}
