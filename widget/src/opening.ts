/** What has to be known before there is anything to choose from: asked for all at once. */

import { getPractice } from "./api";
import type { Env } from "./env";
import type { Settings } from "./host";
import { english, localeOf, wordsIn } from "./words";

/** The visitor's zone. Engines load all about dates on their first use: the better while the server is asked. */
const ownZone = () =>
  new Promise<string>((done) => setTimeout(() => done(Intl.DateTimeFormat().resolvedOptions().timeZone)));

/** The practice, and the words and formats of the language that is asked for. Throws `ApiError`. */
export async function opening({
  server,
  languages,
}: Settings): Promise<Pick<Env, "practice" | "words" | "zone" | "locale">> {
  const [practice, words, zone] = await Promise.all([
    getPractice(server),
    wordsIn(server.base, localeOf(languages), english, "picker", "held"),
    ownZone(),
  ]);
  return { practice, words, zone, locale: localeOf(languages, practice.locale) };
}
