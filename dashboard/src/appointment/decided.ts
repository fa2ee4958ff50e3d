// Once mail has left, Undo turns into Reopen: the notice is fetched again at that moment. The same for what is said of
// a decision above the next request.

const SPARE_MS = 1_000;

export function decided(notice: HTMLElement): void {
  const seconds = Number(notice.dataset["seconds"] ?? 0);
  if (seconds > 0) {
    // Where it can't be had, the server says at the press of Undo that it is too late.
    setTimeout(() => void renew(notice).catch(() => undefined), seconds * 1_000 + SPARE_MS);
  }
}

async function renew(notice: HTMLElement): Promise<void> {
  const response = await fetch(notice.dataset["decided"] ?? "", { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.getElementById("decided");
  if (response.ok && next) {
    // It is about another appointment than the page is, whose next request this page is.
    if (notice.id !== next.id) {
      next.querySelector("a")?.remove();
      next.id = notice.id;
    }
    notice.replaceWith(next);
  }
}
