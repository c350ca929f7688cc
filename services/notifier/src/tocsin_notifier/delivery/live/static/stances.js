// Each actor's positions on talks as a small timeline, with its latest word beside it.

import { el } from "./elements.js";
import { date } from "./times.js";

const SIGNS = { supports: "▲", conditional: "◆", rejects: "▼", mediates: "●" };
const SPAN_MS = 7 * 86_400_000;

export function renderStances(root, actors, names, now) {
  if (!actors.size) {
    root.replaceChildren(el("p", { class: "none" }, "Nobody was heard on talks."));
    return;
  }
  const axis = el("p", { class: "axis", "aria-hidden": "true" },
    el("span", {}, "7 days ago"), el("span", {}, "now"));
  root.replaceChildren(axis, el("ul", { class: "actors" }, ...[...actors].map(([actor, told]) => {
    const latest = told.at(-1);
    return el("li", {},
      el("span", { class: "actor" }, names[actor] ?? actor),
      el("ol", { class: "track", "aria-label": `Positions of ${names[actor] ?? actor}` },
        ...told.map((one) => dot(one, now))),
      el("span", { class: "latest", "data-stance": latest.alert.stance }, latest.alert.headline));
  })));
}

function dot({ at, alert }, now) {
  const text = `${date(at)}: ${alert.headline}`;
  const item = el("li", { "data-stance": alert.stance, title: text },
    el("span", { "aria-hidden": "true" }, SIGNS[alert.stance] ?? "•"),
    el("span", { class: "unseen" }, text));
  const place = 1 - Math.min(1, Math.max(0, (now - at) / SPAN_MS));
  item.style.left = `${(place * 100).toFixed(1)}%`;
  return item;
}
