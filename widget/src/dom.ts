/** Elements, made without any markup in strings: allowed by every host policy, and text is only ever text. */

export type Child = Node | string | null | undefined | false;
type Listener = (event: never) => void;
export type Props = Record<string, string | number | boolean | Listener | null | undefined>;

/** Makes an element. A function is a listener (`onclick`), `true` an empty attribute, `false` or null none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...kept(children));
  return element;
}

/** Replaces everything inside `parent`. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.textContent = "";
  parent.append(...kept(children));
}

function kept(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child != null && child !== false && child !== "");
}

let count = 0;

/** An id for labels and descriptions, unique in this page. */
export function uniqueId(): string {
  return `pencilin-${++count}`;
}
