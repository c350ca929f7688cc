// Puts the page together: the stream on one side, what is shown of it on the other.

import { renderCard } from "./card.js";
import { el } from "./elements.js";
import { isEmpty, matches, readFilter, writeFilter } from "./filter.js";
import { RegionMap } from "./map.js";
import { Situation, standingOf } from "./situation.js";
import { renderStances } from "./stances.js";
import { Stream } from "./stream.js";
import { setupTheme } from "./theme.js";
import { clock, now, refreshTimes, setServerTime } from "./times.js";

const MAX_CARDS = 500;
const LOST_MS = 10_000; // a connection that comes back sooner is no outage
const REMEMBERED_MS = 86_400_000;

const byId = (id) => document.getElementById(id);
const situation = new Situation();
const alerts = new Map();
let filter = readFilter(location.search);
let map = null;
let names = {};
let stream = null;
let sight = null;
let lostAt = null;
let heardAt = null;
let shown = "";

function openStream() {
  stream?.stop();
  stream = new Stream({ begin, alert: hear, beat, gap, lost }, { drills: filter.drills });
  stream.start();
}

function begin(found) {
  setServerTime(found.regions.as_of);
  byId("alerts").replaceChildren();
  alerts.clear();
  situation.events.clear();
  for (const alert of found.alerts) keep(alert);
  for (const region of found.regions.regions) {
    const known = [...region.alarms, ...region.warnings];
    for (const one of known) situation.take(fromState(one, region.region));
  }
  for (const actor of found.stances.actors) {
    for (const one of actor.stances) {
      situation.take({ ...one, alert_type: "negotiation-stance", status: "new", mode: "live" });
    }
  }
  show();
}

/** What /v1/state knows of a warning, as far as the map needs it. */
function fromState(one, region) {
  const phase = { on: "active", late: "active" }[one.standing] ?? one.standing;
  return {
    ...one, region, phase, late: one.standing === "late",
    alert_type: "air-raid-warning", status: "new", mode: "live",
  };
}

function keep(alert) {
  if (!situation.take(alert)) return false;
  const former = alerts.get(alert.event_id);
  const card = renderCard(alert, names, now());
  former?.card.remove();
  alerts.delete(alert.event_id);
  alerts.set(alert.event_id, { alert, card });
  insert(card, alert);
  if (alerts.size > MAX_CARDS) {
    const last = byId("alerts").lastElementChild;
    alerts.delete(last.dataset.eventId);
    last.remove();
  }
  card.hidden = !matches(filter, alert);
  return true;
}

/** The newest stands first; most come in that order already. */
function insert(card, alert) {
  const list = byId("alerts");
  let before = list.firstElementChild;
  while (before && alerts.get(before.dataset.eventId)?.alert.sent_at > alert.sent_at) {
    before = before.nextElementSibling;
  }
  list.insertBefore(card, before);
}

function hear(alert) {
  connected();
  if (!keep(alert)) return;
  const { card } = alerts.get(alert.event_id) ?? {};
  card?.classList.add("fresh");
  if (matches(filter, alert)) byId("spoken").textContent = alert.headline;
  show();
}

function beat(heartbeat) {
  setServerTime(heartbeat.as_of);
  sight = heartbeat;
  connected();
}

function gap(told) {
  const lost = Object.values(told.lost).reduce((sum, one) => sum + one, 0);
  const count = lost ? `up to ${lost} alerts` : "alerts";
  notify(`This page was away for too long: ${count} in between cannot be shown any more.`);
}

function notify(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = false;
}

function connected() {
  lostAt = null;
  heardAt = now();
  showSight();
}

function lost() {
  lostAt ??= performance.now();
  showSight();
}

function showSight() {
  const cut = lostAt !== null && performance.now() - lostAt > LOST_MS;
  const blind = cut || Boolean(sight?.blind_since);
  const banner = byId("banner");
  const text = cut
    ? `Blind since ${clock(heardAt ?? opened)}: no connection to the server. `
      + "What stands here may be out of date; silence means nothing."
    : blind ? `Blind since ${clock(sight.blind_since)}: ${sight.blind_paths} of ${sight.paths} ways `
      + "through the pipeline are silent. What happens now may not be shown; silence means nothing."
      : "";
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = !blind;
  document.body.classList.toggle("blind", blind);
  const status = byId("status");
  const state = blind ? "blind" : lostAt !== null ? "reconnecting" : sight ? "live" : "connecting";
  status.dataset.state = state;
  const said = { blind: "Blind", reconnecting: "Reconnecting", live: "Live", connecting: "Connecting" };
  const words = said[state] + (state === "live" ? `, ${clock(now())}` : "");
  if (status.textContent !== words) status.textContent = words;
  document.title = blind ? "BLIND: Tocsin" : "Tocsin: what is on now";
}

function show() {
  const regions = situation.regions(now());
  const found = [...regions.values()];
  const actors = situation.actors(now());
  showFilter();
  // Who has the keyboard in a list must not lose it to a list that looks the same.
  const signature = JSON.stringify([filter.region, Math.floor(now() / 600_000),
    found.map((one) => [one.code, one.standing, one.warnings.map((w) => w.alert.alert_id)]),
    [...actors].map(([actor, told]) => [actor, told.map((one) => one.alert.alert_id)])]);
  if (signature === shown) return;
  shown = signature;
  map?.show(regions, filter.region);
  renderStances(byId("stances"), actors, names, now());
  const on = found.filter((one) => one.standing === "on").length;
  const reported = found.filter((one) => one.standing === "reported").length;
  byId("summary").replaceChildren(
    el("strong", { class: on ? "on" : "" }, String(on)), ` ${on === 1 ? "region" : "regions"} under alarm, `,
    el("strong", {}, String(reported)), " with attacks reported");
}

function showFilter() {
  let fitting = 0;
  for (const { alert, card } of alerts.values()) {
    card.hidden = !matches(filter, alert);
    if (!card.hidden) fitting += 1;
  }
  const most = [...alerts.values()].filter((one) => one.alert.mode === "live" || filter.drills).length;
  const told = most === 0 ? "No alerts yet."
    : isEmpty(filter) ? `${fitting} ${fitting === 1 ? "alert" : "alerts"}`
      : `${fitting} of ${most} alerts fit the filter`;
  if (byId("count").textContent !== told) byId("count").textContent = told;
}

function choose(region) {
  setFilter({ ...filter, region: filter.region === region ? "" : region });
  writeForm();
}

function setFilter(next) {
  const reopen = next.drills !== filter.drills;
  filter = next;
  history.replaceState(null, "", location.pathname + writeFilter(filter));
  show();
  if (reopen) openStream();
}

function readForm() {
  const data = new FormData(byId("filters"));
  setFilter({
    types: data.getAll("type"), region: data.get("region"), language: data.get("language"),
    text: data.get("text").trim(), drills: data.get("drills") === "1", event: "",
  });
}

function writeForm() {
  const form = byId("filters");
  for (const box of form.elements.type) box.checked = filter.types.includes(box.value);
  for (const name of ["region", "language", "text"]) form.elements[name].value = filter[name];
  form.elements.drills.checked = filter.drills;
}

function setupFilters() {
  const form = byId("filters");
  const groups = { UA: el("optgroup", { label: "Ukraine" }), RU: el("optgroup", { label: "Russia" }) };
  for (const [code, name] of Object.entries(names).sort(([, a], [, b]) => a.localeCompare(b))) {
    groups[code.slice(0, 2)]?.append(el("option", { value: code }, name));
  }
  form.elements.region.append(...Object.values(groups));
  form.addEventListener("input", readForm);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    filter = { ...filter, event: "" };
    readForm();
  }));
  addEventListener("popstate", () => {
    setFilter(readFilter(location.search));
    writeForm();
  });
  writeForm();
}

/** Alarms expire and times grow old also when nothing comes. */
function tick() {
  showSight();
  refreshTimes(document);
  for (const held of alerts.values()) {
    const standing = standingOf(held.alert, now());
    if (held.card.dataset.standing === standing) continue;
    const card = renderCard(held.alert, names, now());
    held.card.replaceWith(card);
    held.card = card;
  }
  situation.forget(now() - REMEMBERED_MS * 15);
  show();
}

const opened = Date.now();
setupTheme(byId("theme"));
const data = await (await fetch("/page/map.json")).json();
names = data.names;
map = new RegionMap(byId("map"), byId("regions"), data, choose);
setupFilters();
show();
openStream();
setInterval(tick, 1_000);
