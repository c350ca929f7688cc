// The connection to the server: begins with the newest alerts, goes on by Server-Sent Events, and
// comes back from where it stopped. Whatever is wrong with it is told.

const SILENT_MS = 15_000; // the server beats every five seconds
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

export class Stream {
  /**
   * @param listener has `begin({alerts, state})`, `alert(alert)`, `beat(heartbeat)`, `gap(gap)`
   *   and `lost()`.
   */
  constructor(listener, { limit = 300, drills = false } = {}) {
    this.listener = listener;
    this.query = drills ? "drills=1" : "";
    this.limit = limit;
    this.lastId = null;
    this.source = null;
    this.wait = FIRST_WAIT_MS;
    this.timer = null;
    this.heardAt = performance.now();
    this.watch = setInterval(() => this.#watch(), 1_000);
  }

  async start() {
    try {
      await this.#begin();
      this.#listen();
    } catch {
      this.#again(() => this.start());
    }
  }

  stop() {
    clearInterval(this.watch);
    clearTimeout(this.timer);
    this.source?.close();
  }

  async #begin() {
    const [recent, regions, stances] = await Promise.all([
      read(`/v1/alerts?limit=${this.limit}&${this.query}`),
      read("/v1/state/regions"),
      read("/v1/state/stances"),
    ]);
    this.lastId = recent.position;
    this.listener.begin({ alerts: recent.alerts, regions, stances });
  }

  #listen() {
    this.source?.close();
    const from = encodeURIComponent(this.lastId);
    const source = new EventSource(`/v1/stream?last_event_id=${from}&${this.query}`);
    this.source = source;
    this.heardAt = performance.now();
    const hear = (event) => {
      this.heardAt = performance.now();
      this.wait = FIRST_WAIT_MS;
      if (event.lastEventId) this.lastId = event.lastEventId;
      return JSON.parse(event.data);
    };
    source.addEventListener("alert", (event) => this.listener.alert(hear(event)));
    source.addEventListener("heartbeat", (event) => this.listener.beat(hear(event)));
    source.addEventListener("gap", (event) => {
      this.listener.gap(hear(event));
      source.close();
      this.start();
    });
    source.addEventListener("error", () => {
      if (this.source !== source) return;
      source.close();
      this.listener.lost();
      this.#again(() => this.#listen());
    });
  }

  #again(work) {
    clearTimeout(this.timer);
    // Not all at once when a server comes back.
    this.timer = setTimeout(work, this.wait * (0.7 + 0.6 * Math.random()));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  #watch() {
    if (!this.source || performance.now() - this.heardAt < SILENT_MS) return;
    this.listener.lost();
    this.#listen();
  }
}

async function read(path) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
