// The library marks its grid up as a table without rows, which screen readers can't follow. What it really is:
// headings of days, and links in the order of time. Each link says its own day, so no table is needed.

export function plainRoles(target: HTMLElement): void {
  const plain = (root: Element): void => {
    for (const element of [root, ...root.querySelectorAll("[role], [aria-colindex]")]) {
      for (const name of ["role", "aria-colindex", "aria-colspan"]) {
        element.removeAttribute(name);
      }
    }
    // Its days are headings right below the title.
    for (const heading of root.querySelectorAll("h4")) {
      heading.setAttribute("aria-level", "3");
    }
    // A label counts only where there is a role.
    for (const labelled of root.querySelectorAll(".ec-col-head [aria-label]")) {
      labelled.removeAttribute("aria-label");
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes" && change.target instanceof Element) {
        plain(change.target);
      }
      for (const node of change.addedNodes) {
        if (node instanceof Element) {
          plain(node);
        }
      }
    }
  }).observe(target, { subtree: true, childList: true, attributes: true, attributeFilter: ["role", "aria-colindex"] });
}
