// Fails where a language lacks a text that another one has, or has one that fits nowhere, and says which.
// Usage: node check-words.cjs FOLDER… (each with a LANGUAGE.json per language; English is what others are measured by)

const { readFileSync, readdirSync } = require("fs");
const { join } = require("path");

const PLURALS = ["zero", "one", "two", "few", "many", "other"];

/** The names of all texts in it; the forms of one for different numbers are the language's own affair. */
function names(value, path = "") {
  if (typeof value !== "object" || Object.keys(value).every((name) => PLURALS.includes(name))) return [path];
  return Object.entries(value).flatMap(([name, inner]) => names(inner, path ? `${path}.${name}` : name));
}

for (const folder of process.argv.slice(2)) {
  const read = (file) => names(JSON.parse(readFileSync(join(folder, file), "utf8")));
  const english = read("en.json");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const own = read(file);
    const wrong = [
      ...english.filter((name) => !own.includes(name)).map((name) => `${name} is missing`),
      ...own.filter((name) => !english.includes(name)).map((name) => `${name} is not in en.json`),
    ];
    for (const what of wrong) console.error(`${join(folder, file)}: ${what}`);
    if (wrong.length) process.exitCode = 1;
  }
}
