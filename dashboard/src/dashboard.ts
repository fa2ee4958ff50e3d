// Every page of the dashboard: what it enhances, the panel, the keys, and how it looks.

import { enhance } from "./enhance";
import { guard } from "./comfort/guard";
import { keyHelp } from "./comfort/key_help";
import { theme } from "./comfort/theme";
import { live } from "./live";
import { panel } from "./panel/panel";
import { requestKeys } from "./requests/keys";
import { keepRequestsFresh } from "./requests/list";

enhance(document);
theme();
keyHelp();
guard();
requestKeys(panel());
keepRequestsFresh();
live();

// One's own menu opens on a phone only: at the side, where a phone that is turned has it, too, it stands anyway.
matchMedia("(max-width: 800px)").addEventListener("change", ({ matches }) => {
  if (!matches) {
    document.querySelector<HTMLElement>("#who")?.hidePopover?.();
  }
});

// The strip of the settings' pages, where it is one: the current page in sight.
document.querySelector(".settings-link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
