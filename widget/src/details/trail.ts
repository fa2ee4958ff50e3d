/**
 * Back steps inside the widget first. Each step forward is an entry in this frame's own history, which the browser goes
 * through together with the page's: a page's router and its counters hear nothing of it, since nothing of the page's
 * changes.
 */

export class Trail {
  /** How deep the visitor is; 0 is where they began, or are done. */
  private deep = 0;
  /** The depth of the entry that the browser is at. */
  private at = depthNow();
  /** The depth that this frame is on its way back to by itself. */
  private asked: number | null = null;
  private length = history.length;

  /** `onback` gets the depth that the visitor went back to. */
  constructor(onback: (depth: number) => void) {
    window.addEventListener("popstate", () => {
      const depth = depthNow();
      const back = depth < this.at;
      // A visitor's step back may be taken together with our own, and then ends deeper in the past.
      const ours = depth === this.asked;
      this.at = depth;
      this.asked = null;
      if (ours) {
        // Meanwhile the visitor may have gone on.
        if (depth !== this.deep) this.go(this.deep);
      } else if (depth < this.deep) onback((this.deep = depth));
      // An entry that stands for no step any more: whoever goes back wants to go past it.
      else if (back) history.back();
    });
  }

  /** Tells how deep the visitor is now. */
  go(depth: number): void {
    this.deep = depth;
    // Entries that are added on the way back would lead astray.
    if (this.asked !== null) return;
    if (depth < this.at) {
      // Entries that the page has added since would be gone through first.
      if (history.length !== this.length) return;
      this.asked = depth;
      history.go(depth - this.at);
      this.at = depth;
    }
    while (this.at < depth) history.pushState({ depth: ++this.at }, "");
    this.length = history.length;
  }
}

function depthNow(): number {
  const state = history.state as { depth?: number } | null;
  return (state && state.depth) || 0;
}
