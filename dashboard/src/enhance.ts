// What parts of a page do beyond their links and forms. All of it works without, too. The same for a page as it is
// loaded and for one that opens as a panel over another.

import { approval } from "./appointment/approval";
import { clientSearch } from "./appointment/client_search";
import { decided } from "./appointment/decided";
import { newAppointment } from "./appointment/new_appointment";
import { visitConflicts } from "./appointment/visit_conflicts";
import { notTooLarge } from "./comfort/uploads";
import { reopens } from "./requests/reopens";
import { colour } from "./settings/colour";
import { order } from "./settings/order";

export function enhance(root: ParentNode): void {
  const booking = root.querySelector<HTMLFormElement>(".new-appointment");
  const search = root.querySelector<HTMLInputElement>("[data-client-search]");
  if (booking) {
    newAppointment(booking);
  } else if (search) {
    clientSearch(search);
  }
  const form = root.querySelector<HTMLFormElement>("#approval");
  const missing = root.querySelector<HTMLElement>("#missing");
  if (form && missing) {
    approval(form, missing);
  }
  const visit = root.querySelector<HTMLFormElement>("[data-visit]");
  const conflicts = root.querySelector<HTMLElement>("#visit-conflicts");
  if (visit && conflicts) {
    visitConflicts(visit, conflicts);
  }
  for (const notice of root.querySelectorAll<HTMLElement>("[data-decided]")) {
    decided(notice);
  }
  for (const list of root.querySelectorAll<HTMLElement>("[data-order]")) {
    order(list);
  }

  const several = root.querySelector<HTMLFormElement>("[data-reopens]");
  if (several) {
    reopens(several);
  }
  for (const picker of root.querySelectorAll<HTMLInputElement>("[data-colour-for]")) {
    colour(picker);
  }
  for (const input of root.querySelectorAll<HTMLInputElement>("[data-largest]")) {
    notTooLarge(input);
  }
}
