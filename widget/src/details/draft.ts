/**
 * What was typed and tried, kept in this frame's own session storage so that a reload loses nothing; gone once it is
 * booked, and after 30 minutes. Where storage is refused (private windows, sandboxes) there is simply no draft.
 */

export type Values = Record<string, string>;

/** The key of an attempt, and the texts that were sent under it without an answer. */
export interface Tried {
  key: string;
  unanswered: string[];
}

const LIFE_MS = 30 * 60_000;

interface Draft {
  at: number;
  values: Values;
  tried: Tried | null;
}

export class Drafts {
  private timer = 0;
  private values: Values = {};
  private tried: Tried | null = null;

  /** `key` names the practice. */
  constructor(private readonly key: string) {
    try {
      const draft = JSON.parse(sessionStorage.getItem(key) ?? "null") as Draft | null;
      const left = draft ? LIFE_MS - (Date.now() - draft.at) : 0;
      if (!draft || left <= 0) this.clear();
      else {
        ({ values: this.values, tried: this.tried } = draft);
        this.forgetIn(left);
      }
    } catch {
      // No storage here, or not ours: start empty.
    }
  }

  /** What was typed before this page was loaded, and what was tried. */
  read(): Pick<Draft, "values" | "tried"> {
    return { values: this.values, tried: this.tried ?? null };
  }

  write(values: Values): void {
    this.values = values;
    this.save();
  }

  /** What is being tried from now on. */
  keep(tried: Tried): void {
    this.tried = tried;
    this.save();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.values = {};
    this.tried = null;
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }

  private save(): void {
    const draft: Draft = { at: Date.now(), values: this.values, tried: this.tried };
    try {
      sessionStorage.setItem(this.key, JSON.stringify(draft));
      this.forgetIn(LIFE_MS);
    } catch {
      // No storage here: the form itself still holds everything.
    }
  }

  private forgetIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.clear(), ms);
  }
}
