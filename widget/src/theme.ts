/** Accent, light or dark: found from the page, made readable. */

type Rgb = [number, number, number];

export const PAPER: Record<"light" | "dark", Rgb> = { light: [255, 255, 255], dark: [22, 28, 36] };
const INK: Rgb = [16, 21, 27];
const WHITE: Rgb = [255, 255, 255];

/** Relative luminance by WCAG 2.2. */
export function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The accent, moved towards black or white in small steps until text of it is readable (4.5 : 1) on the paper. */
export function readable(accent: Rgb, theme: "light" | "dark"): Rgb {
  const target = theme === "light" ? 0 : 255;
  for (let part = 0; part < 1; part += 0.04) {
    const mixed = accent.map((value) => Math.round(value + (target - value) * part)) as Rgb;
    if (contrast(mixed, PAPER[theme]) >= 4.5) return mixed;
  }
  return theme === "light" ? INK : WHITE;
}

/** `rgb()` as browsers compute it; null for anything else, or where it can be seen through. */
export function parse(colour: string): Rgb | null {
  const match = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(colour);
  if (!match || (match[4] !== undefined && Number(match[4]) < 0.5)) return null;
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether what lies behind an element is dark: its own page's background, not the visitor's system, decides. */
export function themeBehind(element: Element): "light" | "dark" {
  for (let at: Element | null = element; at; at = at.parentElement ?? (at.getRootNode() as ShadowRoot).host ?? null) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour) return luminance(colour) < 0.2 ? "dark" : "light";
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  const wanted = matchMedia("(prefers-color-scheme: dark)").matches;
  return scheme.includes("dark") && (wanted || !scheme.includes("light")) ? "dark" : "light";
}

/** Sets theme, accent, font and corner radius on the element that carries the tokens. */
export function dress(
  root: HTMLElement,
  look: { theme: "light" | "dark"; accent: string; font: string; radius: string },
): void {
  root.dataset["theme"] = look.theme;
  root.style.setProperty("color", look.accent);
  const given = parse(getComputedStyle(root).color);
  root.style.removeProperty("color");
  if (look.accent && given) {
    const accent = readable(given, look.theme);
    root.style.setProperty("--accent", `rgb(${accent.join()})`);
    root.style.setProperty("--on-accent", contrast(accent, WHITE) >= 4.5 ? "#fff" : `rgb(${INK.join()})`);
  }
  if (look.font) root.style.setProperty("--font", look.font);
  if (look.radius) root.style.setProperty("--corner", look.radius);
}
