// What the page says about itself: saved or not, notices, words for screen readers.

const NOTICE_TIME = 12_000; // ms

export class Status {
  #outbox = { waiting: 0, isOffline: false, isSignedOut: false };
  #draft = "saved";

  constructor(elements, strings, signInUrl) {
    this.elements = elements;
    this.strings = strings;
    this.signInUrl = signInUrl;
  }

  setOutbox(state) {
    if (state.isSignedOut && !this.#outbox.isSignedOut) this.#askToSignIn();
    this.#outbox = state;
    this.#show();
  }

  setDraft(state) {
    this.#draft = state;
    this.#show();
  }

  /** Show a sentence for a while, or until the next item if it must be read. */
  notice(text, kind = "", { stays = false } = {}) {
    const box = document.createElement("div");
    box.className = `notice work-notice ${kind && `notice-${kind}`}`;
    box.textContent = text;
    this.elements.notices.append(box);
    while (this.elements.notices.children.length > 3) this.elements.notices.firstElementChild.remove();
    if (!stays) setTimeout(() => box.remove(), NOTICE_TIME);
    return box;
  }

  /** Say something to screen readers alone. */
  announce(text) {
    this.elements.announcer.textContent = text;
  }

  #askToSignIn() {
    const box = this.notice(`${this.strings.signInAgain} `, "bad", { stays: true });
    const link = document.createElement("a");
    link.href = this.signInUrl;
    link.target = "_blank";
    link.textContent = "→";
    box.append(link);
  }

  #show() {
    const { waiting, isOffline } = this.#outbox;
    const [text, kind] = this.#words(waiting, isOffline);
    this.elements.save.textContent = text;
    this.elements.save.className = `badge badge-${kind}`;
    this.elements.save.dataset.waiting = String(waiting);
    this.elements.save.dataset.state = kind;
  }

  #words(waiting, isOffline) {
    const { strings } = this;
    if (isOffline && waiting > 0) return [strings.offline.replace("{count}", waiting), "bad"];
    if (this.#draft === "offline") return [strings.offlineDraft, "bad"];
    if (waiting > 0) return [strings.waiting.replace("{count}", waiting), "warn"];
    return this.#draft === "saving" ? [strings.saving, "warn"] : [`${strings.saved} ✓`, "good"];
  }
}
