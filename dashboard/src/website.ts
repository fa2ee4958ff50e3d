// The page about the website's widget, and the one for the webmaster. Both work without: this makes them quicker.

import { copying } from "./website/copying";
import { options } from "./website/options";
import { preview } from "./website/preview";
import { watching } from "./website/watching";

for (const one of document.querySelectorAll<HTMLElement>("[data-no-script]")) {
  one.hidden = true;
}

const said = document.getElementById("said");
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  copying(button, said);
}

const form = document.querySelector<HTMLFormElement>("#options");
if (form) {
  options(form);
}

const stage = document.querySelector<HTMLElement>(".preview-stage");
if (stage) {
  preview(stage);
}

const seen = document.querySelector<HTMLElement>("[data-seen]");
if (seen) {
  watching(seen);
}
