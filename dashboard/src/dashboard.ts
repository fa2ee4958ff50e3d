// What pages of the dashboard do beyond their links and forms. All of it works without, too.

import { approval } from "./appointment/approval";
import { clientSearch } from "./appointment/client_search";
import { decided } from "./appointment/decided";
import { newAppointment } from "./appointment/new_appointment";
import { visitConflicts } from "./appointment/visit_conflicts";
import { live } from "./live";
import { colour } from "./settings/colour";

const booking = document.querySelector<HTMLFormElement>(".new-appointment");
const search = document.querySelector<HTMLInputElement>("[data-client-search]");
if (booking) {
  newAppointment(booking);
} else if (search) {
  clientSearch(search);
}

const form = document.querySelector<HTMLFormElement>("#approval");
const missing = document.getElementById("missing");
if (form && missing) {
  approval(form, missing);
}

const visit = document.querySelector<HTMLFormElement>("[data-visit]");
const conflicts = document.getElementById("visit-conflicts");
if (visit && conflicts) {
  visitConflicts(visit, conflicts);
}

const notice = document.getElementById("decided");
if (notice) {
  decided(notice);
}

// The strip of the settings' pages, where it is one: the current page in sight.
document.querySelector(".settings-link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

live();

for (const picker of document.querySelectorAll<HTMLInputElement>("[data-colour-for]")) {
  colour(picker);
}
