// The items in hand: the one being rated and those fetched ahead, with their leases.

import { NetError, send } from "./net.js";
import { preload } from "./images.js";

const AHEAD = 3; // items fetched while one is rated; with it, the most that one may lease
const HEARTBEAT = 60_000; // ms between two of them
const TRIES = 8; // answers in a row before the server's word is taken for it

export class Prefetch {
  #urls;
  #ahead = [];
  #fetching = null;
  #arrived = () => {};
  #ends = new Map(); // token: when its lease ends, by a clock that nobody sets
  #over = new Set(); // tokens whose lease has ended, as the person was told

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
    setInterval(() => this.heartbeat(), HEARTBEAT);
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
    this.#over.delete(token);
  }

  /** Seconds until a lease ends, or null if that is not known. */
  secondsLeft(token) {
    const end = this.#ends.get(token);
    return end === undefined ? null : Math.max(0, Math.round((end - performance.now()) / 1000));
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
      for (let tries = 0; tries < TRIES && this.#ahead.length < AHEAD - this.unsent().length; tries += 1) {
        this.#take(await send("POST", this.#urls.next, { holding: this.#holding() }));
      }
      return null;
    } catch (error) {
      if (error instanceof NetError) return error;
      throw error;
    }
  }

  /** Renew the leases of what is in hand; those that have ended cannot be. */
  async heartbeat() {
    const held = [this.current, ...this.#ahead.map((work) => work.token), ...this.aside()];
    const tokens = held.filter((one) => one && !this.skips(one) && !this.#over.has(one));
    if (tokens.length === 0 || !this.isActive()) return;
    let answers;
    try {
      answers = await send("POST", this.#urls.heartbeat, { tokens });
    } catch {
      return; // offline: the leases run on, and drafts and submits say so themselves
    }
    for (const [one, answer] of Object.entries(answers)) {
      if (answer.ended === undefined) this.#holdFor(one, answer.seconds_left);
      else if (one === this.current) this.#end(one, answer);
      else this.drop(one);
    }
  }

  /** Renew at once what an earlier page left to run out, before anybody else takes it. */
  async revive() {
    const isStale = [...this.#ends.keys()].some((token) => this.secondsLeft(token) === 0);
    if (isStale) await this.heartbeat();
  }

  #end(token, answer) {
    this.#over.add(token);
    this.#holdFor(token, 0);
    this.onEnded(token, answer);
  }

  #holdFor(token, seconds) {
    this.#ends.set(token, performance.now() + seconds * 1000);
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

  /** Put a fetched item with the others, unless it is one that this window has or is done with. */
  #take(work) {
    this.#over.delete(work.token);
    this.#holdFor(work.token, work.seconds_left);
    const isKnown = work.token === this.current || this.#ahead.some((one) => one.token === work.token);
    if (isKnown || this.skips(work.token) || this.aside().includes(work.token)) return;
    this.#ahead.push(work);
    preload(work);
    this.#arrived();
  }
}
