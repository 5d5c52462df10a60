// The scores given so far, kept here and on the server with every change.

import { send } from "./net.js";

const RETRY = 4000; // ms

/** `onState("saved" | "saving" | "offline")` hears how safe the newest draft is. */
export class Drafts {
  #store;
  #url;
  #latest = null;
  #isSending = false;
  #timer = 0;

  constructor(store, { leasesUrl, onState }) {
    this.#store = store;
    this.#url = leasesUrl;
    this.onState = onState;
    globalThis.addEventListener("online", () => this.#send());
  }

  /** The newest draft of a lease that the server or this browser has. */
  async newest(work) {
    const here = await this.#store.get("drafts", work.token).catch(() => null); // a sick store must not stop the work
    const there = work.draftNumber > 0 ? { ...work.draft, number: work.draftNumber } : null;
    if (!here || (there && there.number > here.draft.number)) return there;
    return here.draft;
  }

  /** Keep a draft here at once and on the server as soon as the wire is free. */
  keep(token, draft) {
    this.#latest = { token, draft };
    this.onState("saving");
    this.#store.put("drafts", { token, draft, at: Date.now() }).catch(() => this.onState("offline"));
    this.#send();
  }

  /** Forget a draft whose work is on its way or done. */
  async forget(token) {
    if (this.#latest?.token === token) {
      this.#latest = null;
      clearTimeout(this.#timer);
      this.onState("saved"); // the outbox speaks for this work from here on
    }
    await this.#store.remove("drafts", token);
  }

  async #send() {
    clearTimeout(this.#timer);
    if (this.#isSending || !this.#latest) return;
    const { token, draft } = this.#latest;
    this.#isSending = true;
    try {
      await send("PUT", `${this.#url}${token}/draft`, { draft, number: draft.number }, { keepalive: true });
      this.#settle(token, draft, true);
    } catch (error) {
      this.#settle(token, draft, error.kind === "refused");
    } finally {
      this.#isSending = false;
    }
    if (this.#latest) this.#timer = setTimeout(() => this.#send(), this.#latest.draft === draft ? RETRY : 0);
  }

  #settle(token, draft, isDone) {
    const isNewest = this.#latest?.token === token && this.#latest.draft === draft;
    if (isDone && isNewest) this.#latest = null;
    if (!this.#latest) this.onState("saved");
    else if (!isDone) this.onState("offline");
  }
}
