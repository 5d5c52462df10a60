// Work on its way to the server: kept on disk, sent in order, retried until acknowledged.

import { send } from "./net.js";

const WAITS = [1000, 2000, 4000, 8000, 15_000]; // ms between retries

/**
 * An entry is { uuid, kind, method, url, body, at, token }. `onReply(entry, answer, error)` hears
 * what became of it: an answer, or an error that no retry would cure. `onChange(state)` hears
 * { waiting, isKept, problem } whenever that changes; a problem is the error of the last try.
 */
export class Outbox {
  #store;
  #entries = [];
  #failures = 0;
  #isSending = false;
  #isKept;
  #timer = 0;
  #problem = null;

  constructor(store, { onReply, onChange }) {
    this.#store = store;
    this.#isKept = store.isLasting;
    this.onReply = onReply;
    this.onChange = onChange;
    globalThis.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
    globalThis.addEventListener("beforeunload", (event) => {
      if (this.waiting > 0 && !this.#isKept) event.preventDefault(); // it would be lost
    });
  }

  get waiting() {
    return this.#entries.length;
  }

  /** Why nothing goes out now; null if it does. */
  get problem() {
    return this.#problem;
  }

  /** The leases that something here will end. */
  get tokens() {
    return this.#entries.filter((entry) => entry.kind !== "flag").map((entry) => entry.token);
  }

  holds(token) {
    return this.#entries.some((entry) => entry.token === token);
  }

  /** Take up what an earlier page left behind. */
  async load() {
    await this.#onDisk(async () => {
      const left = await this.#store.all("outbox");
      this.#entries = left.sort((a, b) => a.at - b.at);
    });
    this.#tell();
    this.flush();
  }

  /** Keep an entry, then send it. Resolves once it is on disk, or cannot be. */
  async add(entry) {
    // A clock that was set back must not bring a change before its submit.
    const last = this.#entries.at(-1)?.at ?? 0;
    const dated = { ...entry, at: Math.max(entry.at, last + 1) };
    this.#entries.push(dated);
    this.#tell();
    await this.#onDisk(() => this.#store.put("outbox", dated));
    this.#tell();
    this.flush();
  }

  /** Send what waits, one after another; what the server sends twice is stored once. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#isSending || this.#entries.length === 0) return;
    this.#isSending = true;
    try {
      await this.#sendAll();
    } finally {
      this.#isSending = false;
    }
    if (this.#entries.length > 0) {
      const wait = WAITS[Math.min(this.#failures, WAITS.length) - 1] ?? WAITS[0];
      this.#timer = setTimeout(() => this.flush(), wait);
    }
  }

  /** One entry that the server stumbles over holds back what concerns its own item alone. */
  async #sendAll() {
    const stuck = new Set();
    for (;;) {
      const entry = this.#entries.find((one) => !stuck.has(one.token));
      if (!entry) return;
      const error = await this.#sendOne(entry);
      if (error && error.kind !== "server") return;
      if (error) stuck.add(entry.token);
    }
  }

  /** Send an entry; the error if it has to be sent again. */
  async #sendOne(entry) {
    let answer;
    try {
      answer = await send(entry.method, entry.url, entry.body, { keepalive: true });
    } catch (error) {
      if (error.kind === undefined) throw error;
      if (error.kind !== "refused") {
        this.#failures += 1;
        this.#problem = error;
        this.#tell();
        return error;
      }
      await this.#finish(entry, null, error);
      return null;
    }
    await this.#finish(entry, answer, null);
    return null;
  }

  async #finish(entry, answer, error) {
    this.#failures = 0;
    this.#problem = null;
    this.#entries = this.#entries.filter((one) => one.uuid !== entry.uuid);
    await this.#onDisk(() => this.#store.remove("outbox", entry.uuid));
    this.#tell();
    this.onReply(entry, answer, error);
  }

  /** A sick disk stops nothing; the page says that it must stay open. */
  async #onDisk(work) {
    try {
      await work();
      this.#isKept = this.#store.isLasting;
    } catch {
      this.#isKept = false;
    }
  }

  #tell() {
    this.onChange({ waiting: this.#entries.length, isKept: this.#isKept, problem: this.#problem });
  }
}
