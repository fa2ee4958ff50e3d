// Runs in a page before anything of its own: notices what is done to it, and can say what it looked like at any time.
(() => {
  const violations = [];
  const listeners = [];
  const { getOwnPropertyNames: names, getOwnPropertyDescriptor: descriptor, is } = Object;
  const whole = [window, document];
  const listen = EventTarget.prototype.addEventListener;
  listen.call(window, "securitypolicyviolation", (event) => {
    violations.push(`${event.violatedDirective} refused ${event.blockedURI} by a policy to ${event.disposition}`);
  });
  EventTarget.prototype.addEventListener = function (type) {
    if (this === undefined || whole.includes(this) || this === document.documentElement || this === document.body)
      listeners.push(type);
    return listen.apply(this, arguments);
  };

  // What belongs to the widget, or is there for it.
  const OURS = "pencilin-booking, pencilin-booking *, a[data-pencilin], script, [id=here]";
  // Where a thing is and how high is compared by its box, since the widget may move what comes after it.
  const PLACE = /^(height|block-size|(inset-block.*)|top|bottom|perspective-origin|transform-origin|grid-template-rows)$/;

  function styleOf(element, pseudo) {
    const style = getComputedStyle(element, pseudo);
    const text = [];
    for (let i = 0; i < style.length; i++)
      if (!PLACE.test(style[i])) text.push(`${style[i]}: ${style.getPropertyValue(style[i])}`);
    return text.join("; ");
  }

  function look() {
    const seen = new Map();
    for (const element of document.querySelectorAll(`:not(${OURS})`)) {
      const { x, y, width, height } = element.getBoundingClientRect();
      // An attribute that says nothing, as is left of a style that was taken back, is as none.
      const said = [...element.attributes].filter(({ name, value }) => name !== "style" || value);
      const attributes = said.map(({ name, value }) => `${name}=${value}`).join();
      const style = ["", "::before", "::after"].map((pseudo) => styleOf(element, pseudo)).join(" | ");
      seen.set(element, { x: x + scrollX, y: y + scrollY, width, height, attributes, style });
    }
    return seen;
  }

  // Every function and value of the language and of the browser that the page's scripts could miss.
  function intrinsics() {
    const seen = new Map();
    for (const name of names(window)) {
      const value = descriptor(window, name).value;
      if (typeof value !== "function" && !["JSON", "Math", "Reflect", "Intl", "CSS"].includes(name)) continue;
      for (const [of, owner] of [[name, value], [`${name}.prototype`, value.prototype]]) {
        if (!owner || owner === window) continue;
        for (const key of names(owner)) {
          const { value, get, set } = descriptor(owner, key);
          seen.set(`${of}.${key}`, [value, get, set]);
        }
      }
    }
    return seen;
  }

  const state = () => ({
    globals: names(window),
    intrinsics: intrinsics(),
    listeners: [...listeners],
    look: look(),
    entries: history.length,
    own: [scrollX, scrollY, location.href, document.title, window.name, document.activeElement.id,
      document.styleSheets.length, document.adoptedStyleSheets.length, document.head.children.length].join(),
    stored: [() => document.cookie, () => JSON.stringify(localStorage), () => JSON.stringify(sessionStorage)].map((read) => {
      try { return read() } catch { return "none" }
    }).join(),
  });

  function differences(before, after) {
    const found = [];
    const differs = (what, was, is) => { if (was !== is) found.push(`${what}: was ${was}, is ${is}`) };
    const added = after.globals.filter((name) => !before.globals.includes(name));
    if (added.length > 1) found.push(`globals: ${added}`);
    for (const name of before.globals) if (!after.globals.includes(name)) found.push(`global gone: ${name}`);
    for (const [name, was] of before.intrinsics) {
      const now = after.intrinsics.get(name);
      if (!now || now.some((part, i) => !is(part, was[i]))) found.push(`changed: ${name}`);
    }
    for (const name of after.intrinsics.keys()) {
      if (!before.intrinsics.has(name) && !added.includes(name.replace(/\..*/, ""))) found.push(`added: ${name}`);
    }
    // Whoever listens for these is in the way of the page, or of its being kept for the back button.
    for (const type of after.listeners.slice(before.listeners.length))
      if (!["pagehide", "pageshow", "popstate", "online", "visibilitychange", "DOMContentLoaded"].includes(type))
        found.push(`listens to the whole page's ${type}`);
    differs("history", before.entries, after.entries);
    differs("page", before.own, after.own);
    differs("stored", before.stored, after.stored);
    const widgets = [...document.querySelectorAll("*")].filter(
      (one) => one.localName === "pencilin-booking" || one.shadowRoot?.querySelector("pencilin-booking"),
    );
    for (const [element, was] of before.look) {
      const now = after.look.get(element);
      const name = `<${element.localName}${element.id && ` id=${element.id}`}>`;
      if (!now) { found.push(`${name} is gone`); continue }
      const around = widgets.some((widget) => element.contains(widget)); // its host, too
      const behind = widgets.some((widget) => widget.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
      for (const key of ["attributes", "style", "x", "width"]) differs(`${name} ${key}`, was[key], now[key]);
      if (!around) differs(`${name} height`, was.height, now.height);
      if (!behind) differs(`${name} y`, was.y, now.y);
    }
    return found;
  }

  let before;
  // Under a symbol, since names are counted.
  window[Symbol.for("probe")] = {
    violations,
    remember: () => { before = state() },
    differences: () => differences(before, state()),
  };
})();
