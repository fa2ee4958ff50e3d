/** Styles of a shadow root, in a way that no policy of the page forbids. */

import { h } from "./dom";

/** Adds a sheet: a constructed one, or a `<style>` in browsers that know none. */
export function addSheet(shadow: ShadowRoot, text: string): void {
  if ("adoptedStyleSheets" in shadow && "replaceSync" in CSSStyleSheet.prototype) {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, made];
  } else shadow.append(h("style", {}, text));
}
