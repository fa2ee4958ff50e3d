/** Points out a mail domain that looks like a slip of a well-known one. Pure. */

const KNOWN = [
  "gmail.com",
  "googlemail.com",
  "yahoo.com",
  "yahoo.co.uk",
  "hotmail.com",
  "hotmail.co.uk",
  "outlook.com",
  "live.com",
  "icloud.com",
  "me.com",
  "aol.com",
  "gmx.de",
  "gmx.net",
  "web.de",
  "proton.me",
  "protonmail.com",
  "comcast.net",
  "verizon.net",
  "btinternet.com",
];

/** The address with the domain that was probably meant; null where it looks right. */
export function likelyAddress(typed: string): string | null {
  const at = typed.lastIndexOf("@");
  const domain = typed.slice(at + 1).toLowerCase();
  if (at < 1 || domain.length < 5 || KNOWN.includes(domain)) return null;
  // Short domains differ by one letter from too many real ones.
  const meant = KNOWN.find((known) => known.length > 6 && slips(domain, known) <= (known.length > 8 ? 2 : 1));
  return meant ? `${typed.slice(0, at)}@${meant}` : null;
}

/** Optimal string alignment distance: letters added, left out, replaced, or two swapped. */
export function slips(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
  }
  return rows[a.length]![b.length]!;
}
