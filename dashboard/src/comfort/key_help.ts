// The list of keys, and the keys that every page has: ? opens it, / leads to the search.

import { areKeysOn, onKey, switchKeys } from "./keys";

export function keyHelp(): void {
  const help = document.querySelector<HTMLDialogElement>("#keys-help");
  const opener = document.querySelector<HTMLButtonElement>("#keys-open");
  const isOn = document.querySelector<HTMLInputElement>("#keys-on");
  if (!help || !opener || !isOn) {
    return;
  }
  opener.hidden = false;
  isOn.checked = areKeysOn();
  isOn.addEventListener("change", () => switchKeys(isOn.checked));
  opener.addEventListener("click", () => help.showModal());
  document.querySelector("#keys-close")?.addEventListener("click", () => help.close());
  onKey("?", () => help.showModal());
  onKey("/", () => {
    const find = document.querySelector<HTMLInputElement>("#find");
    if (find?.offsetParent) {
      find.focus();
      find.select();
    } else {
      location.assign("/search");
    }
  });
}
