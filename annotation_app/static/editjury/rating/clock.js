// Active time: what passes while the person does something on a visible page.

const IDLE_AFTER = 60_000; // ms without a sign of life
const BREAK_AFTER = 45 * 60; // active seconds
const LONG_PAUSE = 5 * 60_000; // ms; a pause of its own

export class Clock {
  #last = performance.now();
  #seconds = 0;
  #sinceBreak = 0;

  constructor({ onBreak }) {
    this.onBreak = onBreak;
    for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
      document.addEventListener(name, () => this.touch(), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => this.touch());
  }

  /** A sign of life: the time since the last one counts unless it was a pause. */
  touch() {
    const now = performance.now();
    const gap = now - this.#last;
    this.#last = now;
    if (gap > LONG_PAUSE) this.#sinceBreak = 0;
    if (gap > IDLE_AFTER) return;
    this.#seconds += gap / 1000;
    this.#sinceBreak += gap / 1000;
    if (this.#sinceBreak >= BREAK_AFTER) {
      this.onBreak(Math.round(this.#sinceBreak / 60));
      this.#sinceBreak = 0;
    }
  }

  /** Whether somebody has been at work just now. */
  get isActive() {
    return !document.hidden && performance.now() - this.#last < 5 * IDLE_AFTER;
  }

  /** The active seconds since the last call. */
  take() {
    const seconds = this.#seconds;
    this.#seconds = 0;
    return seconds;
  }
}
