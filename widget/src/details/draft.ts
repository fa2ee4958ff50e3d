/**
 * What was typed, kept in this frame's own session storage so that a reload loses nothing; gone once it is sent, and
 * after 30 minutes. Where storage is refused (private windows, sandboxes) there is simply no draft.
 */

export type Values = Record<string, string>;

const LIFE_MS = 30 * 60_000;

interface Draft {
  at: number;
  values: Values;
}

export class Drafts {
  private timer = 0;

  /** `key` names the practice. */
  constructor(private readonly key: string) {}

  read(): Values {
    try {
      const draft = JSON.parse(sessionStorage.getItem(this.key) ?? "null") as Draft | null;
      if (draft && Date.now() - draft.at < LIFE_MS) {
        this.forgetLater(LIFE_MS - (Date.now() - draft.at));
        return draft.values;
      }
      this.clear();
    } catch {
      // No storage here, or not ours: start empty.
    }
    return {};
  }

  write(values: Values): void {
    try {
      const draft: Draft = { at: Date.now(), values };
      sessionStorage.setItem(this.key, JSON.stringify(draft));
      this.forgetLater(LIFE_MS);
    } catch {
      // No storage here: the form itself still holds everything.
    }
  }

  clear(): void {
    clearTimeout(this.timer);
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }

  private forgetLater(ms: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.clear(), ms);
  }
}
