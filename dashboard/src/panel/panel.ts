// Edit Appointment as a panel over the page that one was on. Its address becomes the browser's, so that a reload, a
// bookmark and a colleague get the page, and Back closes it. Links and forms inside work as on the page, in place.

import { mayLeave } from "../comfort/guard";
import { ASKED } from "../comfort/keys";
import { focusFirst, focusOpener } from "./focus";
import { fetchPage, formAddress, formBody, isOurs, type Page } from "./pages";
import { enhance } from "../enhance";

export interface Panel {
  /** Shows the page at an address, opening the panel if need be. */
  show: (address: string) => void;
  isOpen: () => boolean;
}

export function panel(): Panel {
  const dialog = document.createElement("dialog");
  dialog.id = "panel";
  dialog.className = "panel";
  const cross = document.createElement("button");
  cross.type = "button";
  cross.className = "panel-close cross";
  cross.setAttribute("aria-label", "Close");
  cross.innerHTML = '<svg class="nav-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>';
  const body = document.createElement("div");
  body.className = "panel-body";
  const head = document.createElement("div");
  head.className = "panel-head";
  head.append(cross);
  dialog.append(head, body);
  document.body.append(dialog);

  // After a reload this is a page of its own, though the way back was made for a panel.
  const wasReloaded = isPanels();
  let title = document.title;
  let opened = "";
  let asked = 0;

  async function load(address: string, options?: RequestInit, from?: HTMLElement): Promise<void> {
    const number = ++asked;
    dialog.setAttribute("aria-busy", "true");
    const page = await fetchPage(address, options).catch(() => null);
    if (options) {
      document.dispatchEvent(new CustomEvent("pencilin:changed"));
    }
    if (number !== asked) {
      return;
    }
    dialog.removeAttribute("aria-busy");
    if (page) {
      put(page, from);
    } else if (options) {
      complain(from);
    } else {
      location.assign(address);
    }
  }

  function put(page: Page, from?: HTMLElement): void {
    const section = from?.closest("[id]:is(section, div)")?.id;
    const same = dialog.open && location.pathname === new URL(page.address, location.href).pathname;
    const top = dialog.scrollTop;
    if (!dialog.open) {
      title = document.title;
    }
    history[isPanels() ? "replaceState" : "pushState"]({ panel: true }, "", page.address);
    document.title = page.title;
    body.replaceChildren(...page.content);
    dialog.setAttribute("aria-label", body.querySelector("h1")?.textContent ?? page.title);
    enhance(body);
    if (!dialog.open) {
      dialog.showModal();
    }
    dialog.scrollTop = same ? top : 0;
    focusFirst(body, same ? section : undefined);
  }

  function complain(form?: HTMLElement): void {
    delete form?.dataset["sent"];
    const told = document.createElement("p");
    told.className = "notice notice-error";
    told.setAttribute("role", "alert");
    told.textContent = "The server could not be reached, so this may not be saved. Check your connection and try again.";
    body.prepend(told);
    dialog.scrollTop = 0;
  }

  function shut(): void {
    asked += 1;
    dialog.close();
    body.replaceChildren();
    document.title = title;
    focusOpener(opened);
  }

  function show(address: string): void {
    if (!dialog.open) {
      opened = address;
    }
    if (!dialog.open || mayLeave(body)) {
      void load(address);
    }
  }

  /** By the cross, Escape or a click beside the panel: the way back, which closes it. */
  function leave(): void {
    if (mayLeave(body)) {
      body.replaceChildren();
      history.back();
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const here = link && (body.contains(link) ? isOurs(link.href) : "panel" in link.dataset);
    // What leads to a place on the same page is left to the browser.
    if (link && here && plain && !event.defaultPrevented && !link.getAttribute("href")?.startsWith("#")) {
      event.preventDefault();
      show(link.href);
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const inside = body.contains(form) || "panel" in form.dataset;
    const address = formAddress(form, event.submitter);
    if (!inside || !isOurs(address) || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    if (!mayLeave(body)) {
      delete form.dataset["sent"];
      return;
    }
    if (!dialog.open) {
      opened = address;
    }
    void load(address, formBody(form, event.submitter), form);
  });
  cross.addEventListener("click", leave);
  // Before the browser closes it, which it does without asking where nothing was clicked since the last time.
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(ASKED)) {
      event.preventDefault();
      leave();
    }
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("mousedown", (event) => {
    const { left, right } = dialog.getBoundingClientRect();
    if (event.target === dialog && (event.clientX < left || event.clientX > right)) {
      leave();
    }
  });
  // This script comes first in the page's head, and so does its listener: others would take the way back for theirs.
  addEventListener("popstate", (event) => {
    if (wasReloaded) {
      location.reload();
    } else if (isPanels()) {
      event.stopImmediatePropagation();
      if (!dialog.open) {
        void load(location.href);
      }
    } else if (dialog.open) {
      event.stopImmediatePropagation();
      if (mayLeave(body)) {
        shut();
      } else {
        history.forward();
      }
    }
  });

  return { show, isOpen: () => dialog.open };
}

/** Whether the browser's history stands at what a panel has shown. */
function isPanels(): boolean {
  return Boolean((history.state as { panel?: boolean } | null)?.panel);
}
