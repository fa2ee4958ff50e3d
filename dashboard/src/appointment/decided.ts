// Once mail has left, Undo turns into Reopen: the notice is fetched again at that moment.

const SPARE_MS = 1_000;

export function decided(notice: HTMLElement): void {
  const seconds = Number(notice.dataset["seconds"] ?? 0);
  if (seconds > 0) {
    setTimeout(() => void renew(notice), seconds * 1_000 + SPARE_MS);
  }
}

async function renew(notice: HTMLElement): Promise<void> {
  const response = await fetch(notice.dataset["address"] ?? location.pathname, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.getElementById("decided");
  if (response.ok && next) {
    notice.replaceWith(next);
  }
}
