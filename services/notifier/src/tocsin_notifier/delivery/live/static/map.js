// The map of regions, and the same as a list: colour is never the only sign.

import { el, svg } from "./elements.js";

const SAID = {
  on: "alarm is on",
  reported: "attack reported",
  late: "told late, may be over",
  lapsed: "no all-clear seen",
  ended: "all-clear given",
};
const SIGNS = { on: "▲", late: "?", reported: "●", lapsed: "?", ended: "✓" };
const THREATS = { guided_bomb: "guided bombs", unknown: "threat not named", drone: "drones",
  missile: "missiles", ballistic: "ballistic missiles", aircraft: "aircraft", artillery: "artillery",
  mixed: "several threats" };

export class RegionMap {
  constructor(root, list, data, choose) {
    this.list = list;
    this.names = data.names;
    this.choose = choose;
    this.shapes = new Map();
    const picture = svg("svg", {
      viewBox: `0 0 ${data.width} ${data.height}`, role: "group", "aria-label": "Map of regions",
    });
    const ground = svg("g", {});
    const labels = svg("g", { class: "labels", "aria-hidden": "true" });
    for (const one of data.shapes) {
      const path = svg("path", { d: one.d, "data-region": one.code, class: one.code.slice(0, 2) },
        svg("title", {}, one.name));
      const sign = svg("text", { x: one.x, y: one.y - 12, class: "sign" });
      const label = svg("text", { x: one.x, y: one.y + 6 }, short(one.name));
      ground.append(path);
      labels.append(sign, label);
      path.addEventListener("click", () => choose(one.code));
      path.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(one.code);
      });
      this.shapes.set(one.code, { path, sign, label, name: one.name });
    }
    picture.append(ground, labels);
    root.replaceChildren(picture);
  }

  show(regions, chosen) {
    for (const [code, { path, sign, label, name }] of this.shapes) {
      const region = regions.get(code);
      const text = region ? describe(name, region) : name;
      set(path, "data-standing", region?.standing ?? null);
      set(path, "aria-pressed", region ? String(code === chosen) : null);
      set(path, "data-chosen", code === chosen ? "" : null);
      set(path, "role", region ? "button" : null);
      set(path, "tabindex", region ? "0" : null);
      set(path, "aria-label", region ? text : null);
      set(path, "aria-hidden", region ? null : "true");
      path.firstChild.textContent = text;
      sign.textContent = region ? SIGNS[region.standing] : "";
      for (const one of [sign, label]) set(one, "data-standing", region?.standing ?? null);
    }
    this.list.replaceChildren(...[...regions.values()].sort(byUrgency).map((region) => {
      const name = this.names[region.code] ?? region.code;
      const button = el("button", {
        type: "button", "data-standing": region.standing, "data-region": region.code,
        "aria-pressed": String(region.code === chosen),
      }, el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[region.standing]),
      el("span", { class: "name" }, name), el("span", { class: "said" }, say(region)));
      button.addEventListener("click", () => this.choose(region.code));
      return el("li", {}, button);
    }));
  }
}

function describe(name, region) {
  return `${name}: ${say(region)}`;
}

function say(region) {
  const threats = new Set(region.warnings
    .filter((one) => one.standing === region.standing)
    .flatMap((one) => one.alert.threats ?? []));
  const named = [...threats].map((one) => THREATS[one] ?? one).join(", ");
  return SAID[region.standing] + (named ? ` (${named})` : "");
}

function byUrgency(a, b) {
  const order = Object.keys(SAID);
  return order.indexOf(a.standing) - order.indexOf(b.standing) || a.code.localeCompare(b.code);
}

function short(name) {
  return name.replace(/ (Oblast|Krai)$/, "").replace(/^(Autonomous )?Republic of /, "");
}

function set(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
