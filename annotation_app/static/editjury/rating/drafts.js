// The scores given so far, kept here and on the server with every change.

import { send } from "./net.js";

const RETRY = 4000; // ms

/**
 * `onState(state, error)` hears how safe the newest draft is: "saved" (on the server), "saving",
 * "offline" or "here" (in this browser only), "unsaved" (nowhere).
 */
export class Drafts {
  #store;
  #url;
  #latest = null;
  #isSending = false;
  #isKept;
  #timer = 0;
  #lifts = new Map(); // token: how far another browser's numbers are ahead of this one's

  constructor(store, { leasesUrl, onState }) {
    this.#store = store;
    this.#isKept = store.isLasting;
    this.#url = leasesUrl;
    this.onState = onState;
    globalThis.addEventListener("online", () => this.#send());
  }

  /** The newest draft of a lease that the server or this browser has. */
  async newest(work) {
    const here = await this.here(work.token);
    const there = work.draft_number > 0 ? { ...work.draft, number: work.draft_number } : null;
    if (!here || (there && there.number > here.number)) return there;
    if (here.number > work.draft_number) this.keep(work.token, here); // it never got there
    return here;
  }

  /** What this browser has under a name. */
  async here(name) {
    const kept = await this.#store.get("drafts", name).catch(() => null); // a sick store must not stop the work
    return kept?.draft ?? null;
  }

  /** Keep a draft in this browser alone. */
  keepHere(name, draft) {
    const kept = this.#store.put("drafts", { token: name, draft, at: Date.now() });
    kept.then(() => (this.#isKept = this.#store.isLasting)).catch(() => (this.#isKept = false));
  }

  /** Keep a draft here at once and on the server as soon as the wire is free. */
  keep(token, draft) {
    this.#latest = { token, draft };
    this.onState("saving");
    this.keepHere(token, draft);
    this.#send();
  }

  /** Forget a draft whose work is on its way or done. */
  async forget(token) {
    if (this.#latest?.token === token) {
      this.#latest = null;
      clearTimeout(this.#timer);
      this.onState("saved"); // the outbox speaks for this work from here on
    }
    await this.#store.remove("drafts", token).catch(() => null);
  }

  async #send() {
    clearTimeout(this.#timer);
    if (this.#isSending || !this.#latest) return;
    const { token, draft } = this.#latest;
    this.#isSending = true;
    try {
      const isKept = await this.#put(token, draft);
      if (isKept || (await this.#put(token, draft))) this.#settle(token, draft, null);
    } catch (error) {
      this.#settle(token, draft, error);
    } finally {
      this.#isSending = false;
    }
    if (this.#latest) this.#timer = setTimeout(() => this.#send(), this.#latest.draft === draft ? RETRY : 0);
  }

  /** Whether the server keeps this draft; if it has a later one of elsewhere, the next try goes above it. */
  async #put(token, draft) {
    const number = draft.number + (this.#lifts.get(token) ?? 0);
    const answer = await send("PUT", `${this.#url}${token}/draft`, { draft, number }, { keepalive: true });
    if (answer.number <= number) return true;
    this.#lifts.set(token, answer.number - draft.number + 1);
    return false;
  }

  #settle(token, draft, error) {
    const isNewest = this.#latest?.token === token && this.#latest.draft === draft;
    const isOver = !error || error.kind === "refused"; // no retry would cure that
    if (isOver && isNewest) this.#latest = null;
    if (error && isNewest) this.onState(this.#whereNow(error), error);
    else if (!this.#latest) this.onState("saved");
  }

  #whereNow(error) {
    if (!this.#isKept) return "unsaved";
    return error.kind === "offline" ? "offline" : "here";
  }
}
