/**
 * What visitors read, in their language. English is part of the bundle; any other language is one file, fetched once.
 * What a file lacks is said in English: a page may still run an older widget than the server's words are for.
 */

import type { Cities } from "./dates";
import type en from "./words/en.json";
import { picker } from "./words/en.json";

export type Words = typeof en;
export type PickerWords = Words["picker"] & Words["held"] & Cities;
export type DetailsWords = Words["details"] & Cities;

/** Browsers know some zones by names that their cities no longer have. */
export const englishCities: Cities = {
  cities: { Calcutta: "Kolkata", Katmandu: "Kathmandu", Kiev: "Kyiv", Rangoon: "Yangon", Saigon: "Ho Chi Minh City" },
};

/** Without those of the third step, which come with the widget's second part. */
export const english: PickerWords = /* @__PURE__ */ Object.assign({} as Words["held"], picker, englishCities);

/** Rather in English than not at all. */
const PATIENCE_MS = 5_000;

const LANGUAGES = ["en", "es", "fr", "de", "pt", "ar"];

/** Fills in a text: `put("Held until {time}", { time })`. */
export function put(text: string, values: Record<string, string | number>): string {
  return text.replace(/{(\w+)}/g, (_, name: string) => String(values[name]));
}

/** The form of a text that fits a number, by the language's plural rules; the number fills in `{n}`. */
export function putCount(forms: object, n: number, locale: string, values: Record<string, string> = {}): string {
  const texts = forms as Record<string, string>;
  return put(texts[new Intl.PluralRules(locale).select(n)] ?? texts["other"]!, { n, ...values });
}

export const languageOf = (locale: string): string => locale.slice(0, 2);

/**
 * The locale of the first wish in a language that Pencilin speaks: `en`, `pt-BR`. A wish without a region takes the
 * practice's, where that is of the same language.
 */
export function localeOf(wishes: readonly (string | null | undefined)[], practice = ""): string {
  for (const wish of wishes) {
    const [, language = "", region] = /^([a-z]{2})\b(?:.*?[-_]([a-z]{2}|\d{3})\b)?/i.exec(wish ?? "") ?? [];
    const known = language.toLowerCase();
    if (!LANGUAGES.includes(known)) continue;
    if (region) return `${known}-${region.toUpperCase()}`;
    return languageOf(practice.toLowerCase()) === known ? localeOf([practice]) : known;
  }
  return "en";
}

/** Some sections of a language's words, over the English ones; English alone where the file can't be had soon. */
export async function wordsIn<T extends object>(
  base: string,
  locale: string,
  english: T,
  ...sections: (keyof Words)[]
): Promise<T> {
  const language = languageOf(locale);
  if (language === "en") return english;
  const abort = new AbortController();
  setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const address = `${base}/widget/words/${language}.json`;
    const answer = await fetch(address, { credentials: "omit", signal: abort.signal });
    const all = (await answer.json()) as Record<string, T>;
    return Object.assign({}, english, ...sections.map((section) => all[section]), { cities: all["cities"] || {} });
  } catch {
    return english;
  }
}

export const directionOf = (locale: string): "ltr" | "rtl" => (languageOf(locale) === "ar" ? "rtl" : "ltr");
