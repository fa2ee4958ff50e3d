/** Fetches the widget's second part: exactly the one that was built with this first part, or none. */

import { tellNoAnswer } from "./console";
import { h } from "./dom";
import { addSheet } from "./sheets";

export type Later = typeof import("./later");

/** Set by the build: the part's address under `…/widget/`, and its hash. */
declare const LATER_PATH: string;
declare const LATER_INTEGRITY: string;

/** A page whose policy goes by nonces gave this script one; imports have it by themselves. */
const nonce = document.currentScript?.nonce;
const styled = new WeakSet<Node>();
let pending: Promise<Later> | null = null;
let tries = 0;

/**
 * The second part, its styles in the shadow root that `inside` is in. Rejects where the page's policy or the network
 * refuses it, or it isn't what was built; asked again, it tries again.
 */
export async function later(base: string, inside: Node): Promise<Later> {
  const root = inside.getRootNode() as ShadowRoot;
  if (!pending) {
    // Browsers remember by its address what couldn't be imported.
    const href = `${base}/widget/${LATER_PATH}?${tries++}`;
    // An import can't name a hash. What it imports is what was preloaded, and that can.
    root.append(h("link", { rel: "modulepreload", href, integrity: LATER_INTEGRITY, crossorigin: "", nonce }));
    pending = import(href) as Promise<Later>;
  }
  try {
    const part = await pending;
    if (!styled.has(root)) addSheet(root, part.sheet);
    styled.add(root);
    return part;
  } catch (error) {
    pending = null;
    tellNoAnswer(base, "script");
    throw error;
  }
}
