// Work on its way to the server: kept on disk, sent in order, retried until acknowledged.

import { send } from "./net.js";

const WAITS = [1000, 2000, 4000, 8000, 15_000]; // ms between retries

/**
 * An entry is { uuid, kind, method, url, body, at, token }. `onAnswer(entry, answer, error)` hears
 * what became of it: an answer, or an error that no retry would cure. `onChange(state)` hears
 * { waiting, isOffline, isSignedOut } whenever that changes.
 */
export class Outbox {
  #store;
  #entries = [];
  #failures = 0;
  #isSending = false;
  #timer = 0;
  #state = { isOffline: false, isSignedOut: false };

  constructor(store, { onAnswer, onChange }) {
    this.#store = store;
    this.onAnswer = onAnswer;
    this.onChange = onChange;
    globalThis.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  get waiting() {
    return this.#entries.length;
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
    const left = await this.#store.all("outbox");
    this.#entries = left.sort((a, b) => a.at - b.at);
    this.#tell();
    this.flush();
  }

  /** Keep an entry, then send it. Resolves once it is on disk. */
  async add(entry) {
    this.#entries.push(entry);
    this.#tell();
    await this.#store.put("outbox", entry);
    this.flush();
  }

  /** Send what waits, one after another; windows of the same person take turns. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#isSending || this.#entries.length === 0) return;
    this.#isSending = true;
    try {
      while (this.#entries.length > 0 && (await this.#sendFirst()));
    } finally {
      this.#isSending = false;
    }
    if (this.#entries.length > 0) {
      const wait = WAITS[Math.min(this.#failures, WAITS.length) - 1] ?? WAITS[0];
      this.#timer = setTimeout(() => this.flush(), wait);
    }
  }

  async #sendFirst() {
    const entry = this.#entries[0];
    try {
      const answer = await send(entry.method, entry.url, entry.body, { keepalive: true });
      await this.#finish(entry, answer, null);
      return true;
    } catch (error) {
      if (error.kind === "refused") {
        await this.#finish(entry, null, error);
        return true;
      }
      if (error.kind === undefined) throw error;
      this.#failures += 1;
      this.#state = { isOffline: error.kind !== "signed-out", isSignedOut: error.kind === "signed-out" };
      this.#tell();
      return false;
    }
  }

  async #finish(entry, answer, error) {
    this.#failures = 0;
    this.#state = { isOffline: false, isSignedOut: false };
    this.#entries = this.#entries.filter((one) => one.uuid !== entry.uuid);
    await this.#store.remove("outbox", entry.uuid);
    this.#tell();
    this.onAnswer(entry, answer, error);
  }

  #tell() {
    this.onChange({ waiting: this.#entries.length, ...this.#state });
  }
}
