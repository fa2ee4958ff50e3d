/** What an email address looks like, and a domain that looks like a slip of a well-known one. Pure. */

/** Providers that people of our languages write from, by what their addresses end in. */
const PROVIDERS: Record<string, string> = {
  com:
    "gmail icloud yahoo hotmail outlook live msn googlemail me mac aol gmx proton protonmail fastmail zoho email mail " +
    "ymail rocketmail windowslive maktoob btinternet virginmedia bigpond",
  net: "comcast verizon att sbcglobal bellsouth earthlink optonline gmx talktalk eircom telefonica telenet bluewin",
  me: "proton",
  ca: "videotron sympatico yahoo hotmail",
  es: "yahoo hotmail outlook terra movistar",
  fr: "orange wanadoo free laposte sfr neuf bbox numericable hotmail yahoo live outlook",
  de: "gmx web t-online freenet arcor mail posteo hotmail yahoo outlook live googlemail",
  at: "gmx aon chello hotmail yahoo",
  ch: "gmx bluewin sunrise hotmail yahoo",
  be: "skynet telenet hotmail",
  pt: "sapo hotmail outlook live clix netcabo",
  sa: "outlook yahoo hotmail",
  "co.uk": "yahoo hotmail live tiscali",
  "com.au": "bigpond optusnet yahoo",
  "com.br": "uol bol terra ig yahoo outlook hotmail live globo",
  "com.mx": "prodigy yahoo",
  "com.ar": "yahoo fibertel hotmail",
};
const known = (end: string) => PROVIDERS[end]?.split(" ") ?? [];
/** The first two of them are nowhere else. */
const BRANDS = known("com").slice(0, 7);
const ONLY_COM = BRANDS.slice(0, 2);

/** Endings that there are none of, and what was meant. */
const NO_ENDING: Record<string, string> = { couk: "co.uk", "co.ku": "co.uk", "con.br": "com.br", "com.rb": "com.br" };
const MEANT = {
  com: "con cmo ocm vom xom cpm comm coom ccom cok c0m dom cim",
  net: "nte ent ner neet",
  org: "ogr rog ort",
  de: "ed",
  fr: "rf",
  pt: "tp",
};
for (const [meant, slipped] of Object.entries(MEANT)) for (const end of slipped.split(" ")) NO_ENDING[end] = meant;
/** Endings that others have, but none of the great providers. */
const NOT_THEIRS = ["co", "cm", "om", "cam", "c"];

/** Whether mail could be sent there at all; the server looks closer. */
export function isAddress(typed: string): boolean {
  return /^\S+@[^\s@]+\.[^\s@]{2,}$/.test(typed);
}

/** The address with the domain that was probably meant; null where it looks right. */
export function likelyAddress(typed: string): string | null {
  const at = typed.lastIndexOf("@");
  const domain = typed.slice(at + 1).toLowerCase();
  const meant = at < 1 ? domain : likelyDomain(domain);
  return meant === domain ? null : `${typed.slice(0, at)}@${meant}`;
}

function likelyDomain(typed: string): string {
  const domain = typed.replace(/\.([^.]+)$/, (all, last: string) => (NO_ENDING[last] ? `.${NO_ENDING[last]}` : all));
  const dot = domain.indexOf(".");
  const name = domain.slice(0, dot);
  let end = domain.slice(dot + 1);
  if (dot < 2) return domain;
  end = NO_ENDING[end] ?? end;
  if (ONLY_COM.includes(name) || (NOT_THEIRS.includes(end) && nearest(name, BRANDS))) end = "com";
  // A great provider's name with another country's ending is theirs, most likely.
  const meant = BRANDS.includes(name) ? name : (nearest(name, known(end)) ?? name);
  return `${meant}.${end}`;
}

/** Short names are one letter from too many real ones; so are long ones that begin with another letter. */
function nearest(name: string, names: string[]): string | undefined {
  if (names.includes(name)) return name;
  const slack = (one: string) => (one.length < 5 ? 0 : one.length > 6 && one[0] === name[0] ? 2 : 1);
  return names.find((one) => slips(name, one) <= slack(one));
}

/** Optimal string alignment distance: letters added, left out, replaced, or two swapped. */
function slips(a: string, b: string): number {
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
