/** A dialog over the whole page, by `<dialog>` where the browser knows it. */

import { h } from "./dom";
import type { PickerWords } from "./words";

export interface Dialog {
  element: HTMLElement;
  /** `opener` gets the focus back. */
  open(opener: HTMLElement): void;
  close(): void;
  /** Its name, and its button's, in the language that is spoken. */
  speak(words: PickerWords): void;
}

/** What is inside: told that the dialog is closed, and able to go one step back. */
export interface Inside {
  opened(is: boolean): void;
  /** False where there is none to go back to. */
  back(): boolean;
}

/** The content stays as it is while the dialog is closed: opened again, it goes on where it was. */
export function dialog(inside: Inside, ...content: HTMLElement[]): Dialog {
  const page = document.documentElement;
  const cross = h("button", { type: "button", class: "close", onclick: close });
  const element: HTMLDialogElement = h(
    "dialog",
    {
      class: "over",
      role: "dialog",
      "aria-modal": "true",
      tabindex: -1,
      // The browser tells of it later, when it may be open again.
      onclose: () => element.open || closed(),
      onkeydown: keyed,
      oncancel: cancelled,
      onmousedown: (event: MouseEvent) => event.target === element && close(),
    },
    h(
      "div",
      { class: "panel" },
      cross,
      ...content,
    ),
  );
  const modal: boolean = "showModal" in element;
  let opener: HTMLElement | null = null;
  let before = ["", ""];
  let escaped = false;

  function closed(): void {
    if (!opener) return;
    [page.style.overflow, page.style.scrollbarGutter] = before as [string, string];
    document.removeEventListener("focusin", keepFocus);
    opener.focus({ preventScroll: true });
    opener = null;
    inside.opened(false);
  }

  /** The browser closes a modal dialog itself, but hears of no Escape that the frame has told of. */
  function keyed({ key, isTrusted }: KeyboardEvent): void {
    escaped = key === "Escape";
    if (escaped && !(modal && isTrusted)) close();
  }

  /**
   * By Escape it closes. Where the browser has close watchers, a phone's Back asks here before it goes through the
   * history, and steps back inside first. Where nothing inside has the focus any more, no Escape was heard here.
   */
  function cancelled(event: Event): void {
    if (!escaped && focused() && event.cancelable && "CloseWatcher" in window && inside.back()) event.preventDefault();
  }

  function close(): void {
    if (modal) element.close();
    else element.removeAttribute("open");
    closed();
  }

  /** What has the focus, if it is inside. */
  function focused(): Element | null {
    return (element.getRootNode() as ShadowRoot).activeElement;
  }

  /** What a browser without `showModal` lets out comes back. */
  function keepFocus(): void {
    if (!focused()) element.focus();
  }

  return {
    element,
    open(by) {
      if (opener) return;
      opener = by;
      const { style } = page;
      before = [style.overflow, style.scrollbarGutter];
      // The page behind neither scrolls nor jumps aside where its scroll bar was.
      if (window.innerWidth > page.clientWidth) style.scrollbarGutter = "stable";
      style.overflow = "hidden";
      escaped = false;
      if (modal) element.showModal();
      else {
        element.setAttribute("open", "");
        document.addEventListener("focusin", keepFocus);
      }
      element.focus();
    },
    close,
    speak(words) {
      element.setAttribute("aria-label", words.region);
      cross.setAttribute("aria-label", words.close);
    },
  };
}
