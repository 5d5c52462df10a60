// The items in hand: the one being rated and those fetched ahead, with their leases.

import { NetError, send } from "./net.js";
import { preload } from "./images.js";

const AHEAD = 3; // items fetched while one is rated; with it, the most that one may lease
const BEAT = 60_000; // ms between heartbeats

export class Supply {
  #urls;
  #ahead = [];
  #fetching = null;
  #arrived = () => {};
  #ends = new Map(); // token: when its lease ends, by this browser's clock

  /**
   * `onEnded(token, answer)` hears that the current lease ran out; `isActive()` says whether to
   * renew; `skips(token)` which items are done here; `unsent()` the tokens on their way to the
   * server, which still hold a lease; `aside()` the tokens of items put aside.
   */
  constructor(urls, works, { onEnded, isActive, skips, unsent, aside }) {
    this.#urls = urls;
    this.onEnded = onEnded;
    this.isActive = isActive;
    this.skips = skips;
    this.unsent = unsent;
    this.aside = aside;
    for (const work of works) this.#take(work);
    setInterval(() => this.beat(), BEAT);
  }

  /** Items waiting in this window. */
  get count() {
    return this.#ahead.length;
  }

  /** The next item if it is at hand. */
  nextAtHand() {
    return this.#shift();
  }

  drop(token) {
    this.#ahead = this.#ahead.filter((work) => work.token !== token);
    this.#ends.delete(token);
  }

  /** Seconds until a lease ends, or null if that is not known. */
  secondsLeft(token) {
    const end = this.#ends.get(token);
    return end === undefined ? null : Math.max(0, Math.round((end - Date.now()) / 1000));
  }

  /** Resolves with null as soon as another item is at hand. */
  nextArrival() {
    return new Promise((resolve) => {
      this.#arrived = () => resolve(null);
    });
  }

  /** Fetch items until enough are at hand. Says why it could not: an error, or null. */
  refill() {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetch() {
    if (!this.#urls.next) return null; // one item alone, as in a review
    try {
      while (this.#ahead.length < AHEAD - this.unsent().length) {
        const work = await send("POST", this.#urls.next, { holding: this.#holding() });
        this.#take(work);
      }
      return null;
    } catch (error) {
      if (error instanceof NetError) return error;
      throw error;
    }
  }

  /** Renew the leases of what is in hand. */
  async beat(token = this.current) {
    const tokens = [token, ...this.#ahead.map((work) => work.token)].filter((one) => one && !this.skips(one));
    if (tokens.length === 0 || !this.isActive()) return;
    let answers;
    try {
      answers = await send("POST", this.#urls.heartbeat, { tokens });
    } catch {
      return; // offline: the leases run on, and drafts and submits say so themselves
    }
    for (const [one, answer] of Object.entries(answers)) {
      if (answer.ended === undefined) this.#ends.set(one, Date.now() + answer.secondsLeft * 1000);
      else if (one === this.current) this.onEnded(one, answer);
      else this.drop(one);
    }
  }

  /** Every lease that this window knows; one that it lost on the way is handed to it again. */
  #holding() {
    const tokens = [this.current, ...this.#ahead.map((work) => work.token), ...this.unsent(), ...this.aside()];
    return [...new Set(tokens.filter(Boolean))];
  }

  #shift() {
    this.#ahead = this.#ahead.filter((work) => !this.skips(work.token));
    const work = this.#ahead.shift() ?? null;
    this.current = work?.token;
    return work;
  }

  #take(work) {
    if (this.#ahead.some((one) => one.token === work.token)) return;
    this.#ahead.push(work);
    this.#ends.set(work.token, Date.now() + work.secondsLeft * 1000);
    preload(work);
    this.#arrived();
  }
}
