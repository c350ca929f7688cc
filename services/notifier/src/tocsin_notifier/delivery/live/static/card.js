// One alert as a card: what, who says so, the words themselves.

import { el, link } from "./elements.js";
import { regionsOf, standingOf } from "./situation.js";
import { date, timeElement } from "./times.js";

const TYPES = {
  "air-raid-warning": "Air raid",
  "territorial-claim": "Ground",
  "negotiation-stance": "Talks",
};
const STANDINGS = {
  on: "On now",
  late: "Told late, may be over",
  reported: "Reported",
  ended: "All-clear",
  lapsed: "No all-clear seen",
  expired: "Expired",
  retracted: "Retracted",
  open: null,
};
const SHIFTS = { softening: "Softer than before", hardening: "Harder than before" };
const LANGUAGES = { en: "English", fr: "French", de: "German", uk: "Ukrainian", ru: "Russian" };

export function renderCard(alert, names, now) {
  const standing = standingOf(alert, now);
  const card = el("li", {
    class: "card",
    "data-alert-id": alert.alert_id,
    "data-event-id": alert.event_id,
    "data-type": alert.alert_type,
    "data-standing": standing,
    "data-mode": alert.mode,
  });
  card.append(
    el("article", { "aria-labelledby": `h-${alert.alert_id}` },
      el("p", { class: "tags" },
        alert.mode === "test" ? el("span", { class: "tag drill" }, "Drill") : null,
        el("span", { class: "tag type" }, TYPES[alert.alert_type] ?? alert.alert_type),
        STANDINGS[standing] ? el("span", { class: "tag standing" }, STANDINGS[standing]) : null,
        el("span", { class: "where" }, subjects(alert).map((one) => names[one] ?? one).join(", ")),
        timeElement(alert.sent_at)),
      el("h3", { id: `h-${alert.alert_id}` }, alert.headline),
      ...details(alert),
      ...quotes(alert),
      sources(alert),
      footing(alert)),
  );
  return card;
}

function subjects(alert) {
  return alert.alert_type === "negotiation-stance" ? [alert.actor] : regionsOf(alert);
}

function details(alert) {
  const told = [when(alert)];
  if (alert.alert_type === "air-raid-warning" && alert.instruction === "shelter"
      && standingOf(alert, Date.parse(alert.sent_at)) === "on") {
    told.push("People were told to go to shelters");
  }
  if (alert.instruction === "shelter_was_ordered") told.push("People had been told to go to shelters");
  if (alert.shift && alert.shift !== "none") told.push(`${SHIFTS[alert.shift]} (${alert.previous_stance})`);
  for (const one of alert.conditions ?? []) told.push(`Condition: ${one}`);
  for (const one of alert.counter_claims ?? []) told.push(`But: ${one.headline}`);
  return [el("ul", { class: "details" }, ...told.map((one) => el("li", {}, one)))];
}

/** When it happened, as exactly as it is known; without it nothing may be taken as news. */
function when(alert) {
  const time = alert.event_time;
  if (!time) return "When: not said";
  if (time.precision === "minute" || time.precision === "hour") return `When: ${date(time.start)}`;
  return `When: between ${date(time.start)} and ${date(time.end)}`;
}

/** The evidence, sentence by sentence, each with its words highlighted. */
function quotes(alert) {
  const sentences = new Map();
  for (const one of alert.evidence) {
    const key = `${one.article_id} ${one.revision} ${one.field} ${one.sentence_start}`;
    const held = sentences.get(key) ?? { ...one, spans: [] };
    const start = one.start - one.sentence_start;
    held.spans.push({ start, end: start + (one.end - one.start), role: one.role });
    sentences.set(key, held);
  }
  return [...sentences.values()].map((one) =>
    el("blockquote", { lang: one.language, dir: "auto" }, ...highlight(one.sentence, one.spans)));
}

/** Offsets count code points, not UTF-16 units; what several spans share is marked once. */
function highlight(sentence, spans) {
  const points = Array.from(sentence);
  const marked = points.map((_, at) => strongest(spans, at));
  const parts = [];
  for (let at = 0; at < points.length;) {
    let end = at;
    while (end < points.length && marked[end] === marked[at]) end += 1;
    const text = points.slice(at, end).join("");
    parts.push(marked[at] ? el("mark", { "data-role": marked[at] }, text) : text);
    at = end;
  }
  return parts;
}

/** What a character is evidence for: the statement itself before its place, time and the rest. */
function strongest(spans, at) {
  const roles = spans.filter((one) => one.start <= at && at < one.end).map((one) => one.role);
  return roles.includes("statement") ? "statement" : roles[0] ?? null;
}

function sources(alert) {
  return el("p", { class: "sources" }, ...alert.sources.flatMap((one, index) => [
    index ? " · " : null,
    one.url ? link(one.url, publisher(one)) : el("span", {}, publisher(one)),
    ` (${LANGUAGES[one.language] ?? one.language}`
      + (one.published_at ? `, ${date(one.published_at)})` : ", undated)"),
  ]));
}

function publisher(source) {
  return source.publisher === "unknown" ? "Source not named" : source.publisher;
}

function footing(alert) {
  const { publishers } = alert.corroboration;
  return el("p", { class: "footing" },
    `${alert.certainty}: ${publishers} publisher${publishers === 1 ? "" : "s"}`
    + ` · confidence ${alert.confidence.score.toFixed(2)}`
    + (alert.revision > 1
      ? ` · revision ${alert.revision}, ${alert.change_reason.replaceAll("_", " ")}` : ""));
}
