/** Colours, font and corners: found from the page, made readable. */

import type { Look } from "./contract";

type Rgb = [number, number, number];
type Theme = Look["theme"];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** As in the tokens. */
const PAPER: Record<Theme, Rgb> = { light: WHITE, dark: [22, 28, 36] };
const INK: Record<Theme, Rgb> = { light: [23, 33, 43], dark: [232, 237, 242] };
const ACCENT: Rgb = [15, 118, 110];
const TEXT_CONTRAST = 4.5;
const EDGE_CONTRAST = 3;

/** Relative luminance by WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Whether white reads better on it than black; either has a contrast of 4.5 then. */
function isDark(colour: Rgb): boolean {
  return luminance(colour) < 0.18;
}

function mix(a: Rgb, b: Rgb, part: number): Rgb {
  return a.map((value, index) => Math.round(value + (b[index]! - value) * part)) as Rgb;
}

/** The colour, moved towards black or white in small steps until it stands out enough from what is behind it. */
function readable(colour: Rgb, behind: Rgb, ratio = TEXT_CONTRAST): Rgb {
  const target = isDark(behind) ? WHITE : BLACK;
  let part = 0;
  while (part < 1 && contrast(mix(colour, target, part), behind) < ratio) part += 0.04;
  return mix(colour, target, Math.min(part, 1));
}

/** `rgb()` or `color(srgb …)` as browsers compute them; null for anything else, or where it can be seen through. */
export function parse(colour: string): Rgb | null {
  const scale = /^rgb/.test(colour) ? 1 : /^color\(srgb /.test(colour) ? 255 : 0;
  const [r, g, b, alpha = 1] = (colour.match(/-?\d[\d.]*(e-?\d+)?/g) ?? []).map(Number);
  if (!scale || alpha < 0.5) return null;
  return [r, g, b].map((value = 0) => Math.round(Math.min(255, Math.max(0, value * scale)))) as Rgb;
}

/** A colour in any syntax that the browser knows, computed on `probe`. Null if it knows none such, or for no colour. */
function compute(probe: HTMLElement, colour: string): Rgb | null {
  const { style } = probe;
  style.color = "";
  style.color = colour;
  if (!style.color) return null;
  // Makes sRGB of whatever it is. Browsers that don't know it know hardly more than sRGB either, and keep the line above.
  style.color = `color-mix(in srgb,${colour},${colour})`;
  const found = parse(getComputedStyle(probe).color);
  style.color = "";
  return found;
}

function css(colour: Rgb): string {
  return `rgb(${colour.join(", ")})`;
}

/** The first of the colours that is one, as `rgb()`, so that every release of the frame understands it; else nothing. */
export function firstColour(probe: HTMLElement, ...colours: (string | null | undefined)[]): string {
  for (const colour of colours) {
    const found = colour && compute(probe, colour);
    if (found) return css(found);
  }
  return "";
}

/** As dark as the background that the page names, or as it wishes, or as what is behind: not as the visitor's system. */
export function themeFor(background: string, wish: string | null, behind: Element, probe: HTMLElement): Theme {
  let colour = parse(background);
  if (!colour && (wish === "light" || wish === "dark")) return wish;
  for (let at: Element | null = behind; at && !colour; at = at.parentElement ?? (at.getRootNode() as ShadowRoot).host)
    colour = compute(probe, getComputedStyle(at).backgroundColor);
  if (colour) return isDark(colour) ? "dark" : "light";
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  const wanted = matchMedia("(prefers-color-scheme: dark)").matches;
  return /dark/.test(scheme) && (wanted || !/light/.test(scheme)) ? "dark" : "light";
}

/** Sets the tokens on the element that carries them. Releases before this one send neither background nor text. */
export function dress(root: HTMLElement, { theme, accent, font, radius, background = "", text = "" }: Look): void {
  const ownPaper = compute(root, background);
  const ownInk = compute(root, text);
  const own = ownPaper ?? ownInk;
  const paper = ownPaper ?? PAPER[theme];
  const ink = readable(ownInk ?? INK[theme], paper);
  const ground = mix(paper, ink, 0.05);
  const given = compute(root, accent) ?? (own && ACCENT);
  const main = given && readable(given, ground);
  const colours: Record<string, Rgb | null> = {
    paper: own && paper,
    ink: own && ink,
    ground: own && ground,
    line: own && mix(paper, ink, 0.15),
    edge: own && readable(mix(paper, ink, 0.5), paper, EDGE_CONTRAST),
    muted: own && readable(mix(ink, paper, 0.3), ground),
    accent: main,
    "on-accent": main && (isDark(main) ? WHITE : BLACK),
  };
  root.dataset["theme"] = theme;
  for (const [name, colour] of Object.entries(colours)) root.style.setProperty(`--${name}`, colour ? css(colour) : "");
  root.style.setProperty("--font", font);
  root.style.setProperty("--corner", radius);
}
