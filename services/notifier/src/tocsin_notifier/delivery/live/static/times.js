// Times as people read them; the server's clock counts, not this machine's.

import { el } from "./elements.js";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});

let ahead = 0;

/** Learn from an answer how far the server's clock is ahead. */
export function setServerTime(text) {
  ahead = Date.parse(text) - Date.now();
}

export function now() {
  return Date.now() + ahead;
}

export function clock(at) {
  return CLOCK.format(new Date(at));
}

export function date(at) {
  return DATE.format(new Date(at));
}

export function ago(at) {
  const seconds = Math.max(0, Math.round((now() - Date.parse(at)) / 1000));
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return date(at);
}

export function timeElement(at) {
  return el("time", { datetime: at, title: new Date(at).toISOString(), "data-ago": at }, ago(at));
}

export function refreshTimes(root) {
  for (const one of root.querySelectorAll("time[data-ago]")) {
    const text = ago(one.dataset.ago);
    if (one.textContent !== text) one.textContent = text;
  }
}
