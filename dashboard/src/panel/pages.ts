// Pages of appointments, fetched to be shown in the panel.

export interface Page {
  address: string;
  title: string;
  content: Node[];
}

/** Whether an address is one that the panel shows. */
export function isOurs(address: string): boolean {
  const { origin, pathname } = new URL(address, location.href);
  return origin === location.origin && /^\/appointments\/[0-9a-z]+(\/|$)/.test(pathname) && !pathname.endsWith("/new");
}

/**
 * The page that a request leads to. Where that is another one (somebody must sign in, the appointment is gone), the
 * browser goes there, and nothing is returned.
 */
export async function fetchPage(address: string, options?: RequestInit): Promise<Page | null> {
  const response = await fetch(address, { ...options, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.getElementById("main");
  if (!isOurs(response.url) || !main) {
    location.assign(isOurs(response.url) ? address : response.url);
    return new Promise(() => undefined);
  }
  // What was refused stands at an address that takes posts only: the page's own is the appointment's.
  const refused = options && !response.redirected;
  return {
    address: refused ? new URL(response.url).pathname.split("/").slice(0, 3).join("/") : response.url,
    title: page.title,
    // What the frame says is said by the page below.
    content: [...main.querySelectorAll(":scope > :not([data-frame])")].map((node) => document.importNode(node, true)),
  };
}

/** Where pressing ``button`` would send a form. */
export function formAddress(form: HTMLFormElement, button: HTMLElement | null): string {
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const address = new URL(action, location.href);
  if (form.method === "get") {
    address.search = String(new URLSearchParams(entries(form, button)));
  }
  return address.href;
}

/** What ``fetch`` needs to send a form as the browser would; nothing for one that only asks. */
export function formBody(form: HTMLFormElement, button: HTMLElement | null): RequestInit | undefined {
  return form.method === "get" ? undefined : { method: "POST", body: new URLSearchParams(entries(form, button)) };
}

function entries(form: HTMLFormElement, button: HTMLElement | null): [string, string][] {
  const sent = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]);
  const name = button?.getAttribute("name");
  return name ? [...sent, [name, button?.getAttribute("value") ?? ""]] : sent;
}
