// What the page says about itself: saved or not, notices, words for screen readers.

import { fill } from "./fill.js";

const NOTICE_TIME = 12_000; // ms
const MOST = 3; // notices at a time
const TURNS = 2; // items for which a notice stays: the one that comes at once and its successor

export class Status {
  #outbox = { waiting: 0, isKept: true, problem: null };
  #draft = "saved";
  #signIn = null; // the notice that asks to sign in
  #hasWarned = false;

  constructor(elements, strings, signInUrl) {
    this.elements = elements;
    this.strings = strings;
    this.signInUrl = signInUrl;
    for (const box of elements.notices.querySelectorAll(".work-notice")) this.#addCloser(box);
  }

  setOutbox(state) {
    this.#outbox = state;
    if (state.problem?.kind === "signed-out") this.askToSignIn(state.problem.message);
    const isAtRisk = state.waiting > 0 && state.problem && !state.isKept;
    if (isAtRisk && !this.#hasWarned) {
      this.notice(this.strings.keepsNothing, "bad", { stays: true });
    }
    this.#hasWarned = isAtRisk;
    this.#show();
  }

  setDraft(state, error = null) {
    this.#draft = error?.kind === "signed-out" ? "signed-out" : state;
    if (this.#draft === "signed-out") this.askToSignIn(error.message);
    this.#show();
  }

  /** Show a sentence for a while, or until the next item if it must be read. */
  notice(text, kind = "", { stays = false } = {}) {
    const box = document.createElement("div");
    box.className = `notice work-notice ${kind && `notice-${kind}`}`;
    box.textContent = text;
    if (stays) box.dataset.turns = String(TURNS);
    else setTimeout(() => box.remove(), NOTICE_TIME);
    this.elements.notices.append(box);
    this.#addCloser(box);
    const shown = this.elements.notices.querySelectorAll(".work-notice");
    for (const old of [...shown].slice(0, -MOST)) old.remove();
    return box;
  }

  /** Another item came: what was to be read till then goes. */
  turn() {
    for (const box of this.elements.notices.querySelectorAll("[data-turns]")) {
      box.dataset.turns = String(Number(box.dataset.turns) - 1);
      if (box.dataset.turns === "0") box.remove();
    }
  }

  /** Say something to screen readers alone. */
  announce(text) {
    this.elements.announcer.textContent = text;
  }

  /** Ask once to sign in again, in the server's words if it has some. */
  askToSignIn(said) {
    if (this.#signIn) return;
    this.#signIn = this.notice(`${said || this.strings.signInAgain} `, "bad", { stays: true });
    this.#signIn.dataset.turns = "Infinity";
    const link = document.createElement("a");
    link.href = this.signInUrl;
    link.target = "_blank";
    link.textContent = this.strings.signIn;
    this.#signIn.firstChild.after(link);
  }

  #addCloser(box) {
    const closer = document.createElement("button");
    closer.type = "button";
    closer.className = "work-notice-close";
    closer.textContent = "×";
    closer.setAttribute("aria-label", this.strings.dismiss);
    closer.addEventListener("click", () => {
      box.remove();
      this.elements.main.focus({ preventScroll: true });
    });
    box.append(closer);
  }

  #show() {
    const { waiting } = this.#outbox;
    if (!this.#isSignedOut) {
      this.#signIn?.remove();
      this.#signIn = null;
    }
    const [text, kind] = this.#words();
    const { save } = this.elements;
    if (kind === "bad" || save.dataset.state === "bad") this.announce(text); // not every "saving…"
    save.textContent = text;
    save.className = `badge badge-${kind}`;
    save.dataset.waiting = String(waiting);
    save.dataset.state = kind;
  }

  get #isSignedOut() {
    return this.#outbox.problem?.kind === "signed-out" || this.#draft === "signed-out";
  }

  #words() {
    const { strings } = this;
    const { waiting, problem } = this.#outbox;
    if (this.#isSignedOut) return [fill(strings.signedOut, { count: waiting }), "bad"];
    if (problem?.kind === "offline" && waiting > 0) return [fill(strings.offline, { count: waiting }), "bad"];
    const kept = { offline: strings.offlineDraft, here: strings.draftHere, unsaved: strings.unsaved }[this.#draft];
    if (kept) return [kept, "bad"];
    if (waiting > 0) return [fill(strings.waiting, { count: waiting }), "warn"];
    return this.#draft === "saving" ? [strings.saving, "warn"] : [`${strings.saved} ✓`, "good"];
  }
}
