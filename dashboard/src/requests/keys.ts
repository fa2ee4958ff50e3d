// Keys for requests: j and k choose one, x ticks it; l, n and a do on the chosen or the open one what its page does.

import { onKey } from "../comfort/keys";
import type { Panel } from "../panel/panel";
import { fetchPage, formAddress, formBody, type Page } from "../panel/pages";
import { links, select, selected } from "./list";

interface Act {
  /** Its form on Edit Appointment, and the button that sends it. */
  form: string;
  button: string;
  missing: (name: string) => string;
}

const ACTS: Record<string, Act> = {
  l: {
    form: 'form[action$="/link"]',
    button: 'form[action$="/link"] button',
    missing: (name) => `No client is suggested for ${name}, or one is linked already. Press Enter to open the request.`,
  },
  n: {
    form: "#new-client",
    button: "[form=new-client], #new-client button",
    missing: (name) => `The client of ${name}’s request is settled already. Press Enter to open it.`,
  },
  a: { form: "#approval", button: "#approval button", missing: (name) => `${name}’s request can’t be approved now.` },
};

const UNREACHED = "The server could not be reached, so this may not be saved. Check your connection and try again.";

export function requestKeys(panel: Panel): void {
  for (const [key, step] of [
    ["j", 1],
    ["k", -1],
  ] as const) {
    onKey(key, () => (panel.isOpen() ? turn(panel, step) : select(step)));
  }
  onKey("x", () => selected()?.closest("li")?.querySelector<HTMLInputElement>("[name=chosen]")?.click());
  for (const [key, act] of Object.entries(ACTS)) {
    onKey(key, () => {
      const open = document.querySelector(panel.isOpen() ? "#panel" : "#main:has(.edit)");
      const link = selected();
      if (open) {
        open.querySelector<HTMLElement>(act.button)?.click();
      } else if (link) {
        void decide(link, act).catch(() => say(UNREACHED));
      }
    });
  }
}

function turn(panel: Panel, step: number): void {
  const all = links();
  const at = all.findIndex((link) => link.pathname === location.pathname);
  const next = at < 0 ? all[0] : all[at + step];
  if (next) {
    panel.show(next.href);
  }
}

async function decide(link: HTMLAnchorElement, act: Act): Promise<void> {
  const name = link.textContent?.trim() ?? "";
  const page = hold(await fetchPage(link.href));
  const form = page.querySelector<HTMLFormElement>(act.form);
  const missing = page.querySelector("#missing")?.textContent;
  // Whom it links is what the list says, or nobody.
  const shown = link.closest("li")?.querySelector(".request-hints");
  if (!form || (act === ACTS["l"] && !shown)) {
    say(act.missing(name));
  } else if (act === ACTS["a"] && missing) {
    say(`${name}: ${missing}`);
  } else {
    const done = hold(await fetchPage(formAddress(form, null), formBody(form, null)));
    const refused = done.querySelector("#refused");
    const told = done.querySelector<HTMLElement>("#said-now, #decided");
    if (refused) {
      say(`${name}: ${refused.textContent?.trim() ?? ""} Press Enter to open it.`);
    } else if (told && act === ACTS["a"]) {
      showNotice(told);
    } else {
      say(`${name}: ${act === ACTS["l"] ? "linked" : "saved as a new client"}. Press a to approve.`);
    }
    document.dispatchEvent(new CustomEvent("pencilin:changed"));
  }
}

function hold(page: Page | null): HTMLElement {
  const holder = document.createElement("div");
  holder.append(...(page?.content ?? []));
  return holder;
}

function say(words: string): void {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  showNotice(notice);
  // Set afterwards, so that it is also read out.
  requestAnimationFrame(() => {
    notice.textContent = words;
  });
}

function showNotice(notice: HTMLElement): void {
  document.querySelectorAll("#said-now, #said-key").forEach((earlier) => earlier.remove());
  notice.id = "said-key";
  // What it takes back opens in the panel.
  notice.querySelector("form")?.setAttribute("data-panel", "");
  notice.querySelector("a")?.remove();
  document.querySelector("[data-requests]")?.before(notice);
}
