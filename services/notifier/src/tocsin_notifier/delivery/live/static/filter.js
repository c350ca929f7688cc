// Which alerts are shown: read from the page's address and written to it.

import { regionsOf } from "./situation.js";

const TYPES = ["air-raid-warning", "territorial-claim", "negotiation-stance"];

export function readFilter(search) {
  const query = new URLSearchParams(search);
  const types = query.getAll("type").flatMap((one) => one.split(","));
  return {
    types: types.filter((one) => TYPES.includes(one)),
    region: query.get("region") ?? "",
    language: query.get("language") ?? "",
    text: (query.get("text") ?? "").slice(0, 100),
    drills: query.get("drills") === "1",
    event: query.get("event") ?? "",
  };
}

export function writeFilter(filter) {
  const query = new URLSearchParams();
  for (const type of filter.types) query.append("type", type);
  for (const name of ["region", "language", "text", "event"]) {
    if (filter[name]) query.set(name, filter[name]);
  }
  if (filter.drills) query.set("drills", "1");
  const text = query.toString();
  return text ? `?${text}` : "";
}

export function isEmpty(filter) {
  return writeFilter({ ...filter, drills: false }) === "";
}

export function matches(filter, alert) {
  if (alert.mode === "archive" || (alert.mode === "test" && !filter.drills)) return false;
  if (filter.event && alert.event_id !== filter.event) return false;
  if (filter.types.length && !filter.types.includes(alert.alert_type)) return false;
  if (filter.region && !isAbout(alert, filter.region)) return false;
  if (filter.language && !alert.sources.some((one) => one.language === filter.language)) return false;
  return !filter.text || holds(alert, filter.text);
}

/** A region takes warnings for its whole country too, a country all its regions. */
function isAbout(alert, wanted) {
  const wide = alert.alert_type === "air-raid-warning";
  return regionsOf(alert).some((code) =>
    code === wanted || code.startsWith(`${wanted}-`) || (wide && wanted.startsWith(`${code}-`)));
}

function holds(alert, text) {
  const words = [
    alert.headline,
    ...alert.evidence.map((one) => one.sentence),
    ...alert.sources.map((one) => one.publisher),
    ...(alert.places ?? []).flatMap((one) => [one.name, one.canonical_name]),
  ].join("\n").toLocaleLowerCase();
  return text.toLocaleLowerCase().split(/\s+/).every((word) => words.includes(word));
}
