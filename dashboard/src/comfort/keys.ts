// Keys that do something by themselves. None fires while somebody types, and all can be switched off, since who
// dictates or has an unsteady hand presses them unawares (WCAG 2.1.4).

const KEPT = "pencilin-keys";
const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea, [contenteditable]";
/** A question that is open: it is answered first. */
export const ASKED = ["dialog[open]:not(#panel)", ...(CSS.supports("selector(:popover-open)") ? [":popover-open"] : [])].join();

const actions = new Map<string, (event: KeyboardEvent) => void>();

/** What a key does from now on. */
export function onKey(key: string, action: (event: KeyboardEvent) => void): void {
  if (!actions.size) {
    document.addEventListener("keydown", pressed);
  }
  actions.set(key, action);
}

export function areKeysOn(): boolean {
  return localStorage.getItem(KEPT) !== "off";
}

export function switchKeys(on: boolean): void {
  localStorage.setItem(KEPT, on ? "on" : "off");
}

function pressed(event: KeyboardEvent): void {
  const action = actions.get(event.key);
  const typing = event.target instanceof Element && event.target.closest(TYPED_INTO);
  const other = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
  if (action && !typing && !other && !document.querySelector(ASKED) && areKeysOn()) {
    event.preventDefault();
    action(event);
  }
}
