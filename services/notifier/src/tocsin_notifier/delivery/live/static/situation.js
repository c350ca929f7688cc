// What is on now: of every event the latest alert, until that expires. No page, no clock in here.

const RANKS = ["expired", "ended", "lapsed", "late", "reported", "on"];

/** How an alert stands at a moment; only `on` may be shown as an alarm that is under way. */
export function standingOf(alert, now) {
  if (alert.status === "retracted") return "retracted";
  if (Date.parse(alert.expires_at) <= now) return "expired";
  if (alert.alert_type !== "air-raid-warning") return "open";
  if (alert.phase !== "active") return alert.phase;
  return alert.late ? "late" : "on";
}

export function regionsOf(alert) {
  if (alert.alert_type === "air-raid-warning") return [alert.region];
  return [...new Set((alert.places ?? []).map((place) => place.code).filter(Boolean))];
}

export class Situation {
  constructor() {
    this.events = new Map();
  }

  /** Take an alert; false when it is known, or older than what is known of its event. */
  take(alert) {
    const held = this.events.get(alert.event_id);
    if (held && held.revision >= alert.revision) return false;
    // What an answer of /v1/state knows is less than the alert: fields that it lacks are kept.
    this.events.set(alert.event_id, alert);
    return true;
  }

  /** Forget events that ended or expired long ago, so that a wall may run for months. */
  forget(before) {
    for (const [id, alert] of this.events) {
      const until = Math.max(Date.parse(alert.expires_at), Date.parse(alert.sent_at));
      if (until < before) this.events.delete(id);
    }
  }

  /** Every region with live warnings, by code: the highest standing, and its warnings. */
  regions(now) {
    const regions = new Map();
    for (const alert of this.events.values()) {
      if (alert.alert_type !== "air-raid-warning" || (alert.mode ?? "live") !== "live") continue;
      const standing = standingOf(alert, now);
      if (standing === "retracted" || standing === "expired") continue;
      const region = regions.get(alert.region) ?? { code: alert.region, standing, warnings: [] };
      if (RANKS.indexOf(standing) > RANKS.indexOf(region.standing)) region.standing = standing;
      region.warnings.push({ standing, alert });
      regions.set(alert.region, region);
    }
    for (const region of regions.values()) {
      region.warnings.sort((a, b) => RANKS.indexOf(b.standing) - RANKS.indexOf(a.standing));
    }
    return regions;
  }

  /** Each actor's stances by time, oldest first. */
  actors(now) {
    const actors = new Map();
    for (const alert of this.events.values()) {
      if (alert.alert_type !== "negotiation-stance" || (alert.mode ?? "live") !== "live") continue;
      if (standingOf(alert, now) !== "open") continue;
      const told = actors.get(alert.actor) ?? [];
      told.push({ at: Date.parse(alert.event_time?.start ?? alert.sent_at), alert });
      actors.set(alert.actor, told);
    }
    for (const told of actors.values()) told.sort((a, b) => a.at - b.at);
    return new Map([...actors].sort(([a], [b]) => a.localeCompare(b)));
  }
}
