// Flag, note, skip, cannot judge: questions about the item in hand, dropped when it goes away.

import { askFlag, askReason, askText } from "./dialogs.js";

export class Questions {
  #inHand;

  /** `inHand()` is the item in the workspace or null. */
  constructor(page, inHand) {
    this.page = page;
    this.#inHand = inHand;
  }

  reason() {
    return this.#about(() => askReason(this.page.cannotDialog));
  }

  flag() {
    return this.#about(() => askFlag(this.page.flagDialog));
  }

  note() {
    return this.#about((item) => askText(this.page.noteDialog, item.note, "keep"));
  }

  skip() {
    return this.#about(() => askText(this.page.skipDialog, "", "skip"));
  }

  /** Take back every question: the item is no longer in hand. */
  drop() {
    const { cannotDialog, flagDialog, noteDialog, skipDialog } = this.page;
    for (const dialog of [cannotDialog, flagDialog, noteDialog, skipDialog]) {
      if (dialog.open) dialog.close("");
    }
  }

  /** The answer; null if the item went away meanwhile: an answer is never another item's. */
  async #about(question) {
    const item = this.#inHand();
    if (!item) return null;
    const said = await question(item);
    return this.#inHand()?.work.token === item.work.token ? said : null;
  }
}
