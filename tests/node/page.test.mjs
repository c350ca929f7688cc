// The page's own rules: what may be shown as on, and what a filter takes.

import assert from "node:assert/strict";
import { test } from "node:test";

const STATIC = "../../services/notifier/src/tocsin_notifier/delivery/live/static";
const { Situation, standingOf } = await import(`${STATIC}/situation.js`);
const { isEmpty, matches, readFilter, writeFilter } = await import(`${STATIC}/filter.js`);

const NOW = Date.parse("2026-11-20T19:00:00Z");

function alarm(changes = {}) {
  return {
    event_id: "e1", alert_id: "a1", revision: 1, status: "new", alert_type: "air-raid-warning",
    mode: "live", phase: "active", late: false, region: "UA-59", threats: ["drone"],
    headline: "Air-raid warning for Sumy Oblast", sent_at: "2026-11-20T18:42:00Z",
    expires_at: "2026-11-20T21:42:00Z", places: [], sources: [{ language: "uk", publisher: "Desk" }],
    evidence: [{ sentence: "Сумська область: тривога." }], ...changes,
  };
}

test("only an alarm that is active, in time, not expired and not retracted is on", () => {
  assert.equal(standingOf(alarm(), NOW), "on");
  assert.equal(standingOf(alarm({ late: true }), NOW), "late");
  assert.equal(standingOf(alarm({ phase: "lapsed" }), NOW), "lapsed");
  assert.equal(standingOf(alarm({ status: "retracted" }), NOW), "retracted");
  assert.equal(standingOf(alarm({ expires_at: "2026-11-20T19:00:00Z" }), NOW), "expired");
});

test("a revision that was replaced never comes back, and a repeat changes nothing", () => {
  const situation = new Situation();
  assert.ok(situation.take(alarm()));
  assert.ok(situation.take(alarm({ revision: 2, status: "ended", phase: "ended" })));
  assert.ok(!situation.take(alarm()));
  assert.ok(!situation.take(alarm({ revision: 2 })));
  assert.equal(situation.regions(NOW).get("UA-59").standing, "ended");
});

test("a region shows its gravest warning, and drills never colour it", () => {
  const situation = new Situation();
  situation.take(alarm({ event_id: "e2", phase: "reported" }));
  situation.take(alarm());
  situation.take(alarm({ event_id: "e3", region: "UA-12", mode: "test" }));
  const regions = situation.regions(NOW);
  assert.equal(regions.get("UA-59").standing, "on");
  assert.ok(!regions.has("UA-12"));
});

test("a filter that was written is read again", () => {
  const filter = { types: ["air-raid-warning"], region: "UA-59", language: "uk", text: "a & b=c",
    drills: true, event: "" };
  assert.deepEqual(readFilter(writeFilter(filter)), filter);
  assert.ok(isEmpty(readFilter("")));
  assert.deepEqual(readFilter("?type=siren").types, []);
});

test("a filter takes what fits in every part", () => {
  assert.ok(matches(readFilter("?region=UA-59&language=uk&text=сумська"), alarm()));
  assert.ok(matches(readFilter("?region=UA"), alarm()));
  assert.ok(matches(readFilter("?region=UA-59"), alarm({ region: "UA" })));
  assert.ok(!matches(readFilter("?region=UA-5"), alarm()));
  assert.ok(!matches(readFilter("?language=en"), alarm()));
  assert.ok(!matches(readFilter("?text=сумська+нікого"), alarm()));
  assert.ok(!matches(readFilter(""), alarm({ mode: "test" })));
  assert.ok(matches(readFilter("?drills=1"), alarm({ mode: "test" })));
});
