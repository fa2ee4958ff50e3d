/** Lines to the webmaster, in the browser's console: what has to change on the page. */

import type { Server } from "./api";

export function tell(line: string): void {
  console.warn(`Pencilin: ${line}`);
}

/** Why there is nothing to choose from; the answer's status is 0 where none came. */
export function tellFailure({ base, practice }: Server, status: number): void {
  if (status === 404) tell(`no practice “${practice}” at ${base}`);
  else tellNoAnswer(base, "connect");
}

/** Why something doesn't come: the server is away, or the page's policy forbids it by the directive `…-src`. */
export function tellNoAnswer(base: string, directive: string): void {
  tell(`no answer from ${base}; if it is up, allow it in ${directive}-src`);
}

/** Why the form doesn't show. */
export function tellBlocked({ base }: Server): void {
  tell(`no form on ${window.origin}: add this site under Settings → Website widget, and ${base} to frame-src`);
}
