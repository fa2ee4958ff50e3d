// Light, dark, or as the system has it. A script in the page's head has set what was chosen before anything was drawn.

const KEPT = "pencilin-theme";

export function theme(): void {
  const choice = document.querySelector<HTMLSelectElement>("#theme");
  if (!choice) {
    return;
  }
  document.querySelector<HTMLElement>("#theme-choice")!.hidden = false;
  choice.value = document.documentElement.dataset["theme"] ?? "system";
  choice.addEventListener("change", () => {
    if (choice.value === "system") {
      delete document.documentElement.dataset["theme"];
      localStorage.removeItem(KEPT);
    } else {
      document.documentElement.dataset["theme"] = choice.value;
      localStorage.setItem(KEPT, choice.value);
    }
  });
}
