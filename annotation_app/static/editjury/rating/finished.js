// Items submitted a moment ago: the last one can be taken back, its pictures stay at hand.

const REOPEN_TIME = 10 * 60_000; // ms; the server has the last word
const KEPT = 3;

export class Finished {
  #done = []; // { item, uuid, at }, the newest last
  #before;

  /** `before` is the UUID of the last rating that an earlier page submitted and that is open yet. */
  constructor(before = null) {
    this.#before = before;
  }

  /** Whether there is a submit to take back. */
  get isThere() {
    return this.#before !== null || this.#done.length > 0;
  }

  add(item, uuid) {
    const one = { item: { ...item, past: [] }, uuid: item.change?.uuid ?? uuid, at: performance.now() };
    this.#done = [...this.#done.slice(1 - KEPT), one];
    this.#before = null;
  }

  /** The last submit, to be changed: { uuid, item }, without the item after a reload; or null. */
  take() {
    const last = this.#done.pop() ?? (this.#before && { uuid: this.#before, at: performance.now() });
    this.#before = null;
    return last && performance.now() - last.at <= REOPEN_TIME ? last : null;
  }

  /** The server did not take it: it is nothing to come back to. */
  drop(uuid) {
    this.#done = this.#done.filter((one) => one.uuid !== uuid);
  }

  holds(token) {
    return this.#done.some((one) => one.item.work.token === token);
  }

  /** Works whose pictures are not needed any more. */
  get old() {
    return this.#done.slice(0, -1).map((one) => one.item.work);
  }
}
