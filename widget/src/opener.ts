/** What opens a dialog: a button of the widget, or a link of the page. */

import { h } from "./dom";

/** From now on a press on the link opens something instead; with a modifier or another button it still is a link. */
export function opens(link: HTMLElement, open: () => void): void {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
}

/** A link that looks and works like a button: the space bar presses it, too. */
export function linkButton(href: string): HTMLElement {
  return h("a", {
      class: "button main",
      part: "button",
      role: "button",
      "aria-haspopup": "dialog",
      href,
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== " ") return;
        event.preventDefault();
        (event.target as HTMLElement).click();
      },
  });
}
