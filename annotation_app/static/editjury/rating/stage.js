// The candidate on the stage beside its source: named, decoded, and never a wrong picture.

import { picture } from "./images.js";
import { letterOf } from "./state.js";

export class Stage {
  constructor(page, viewer, strings, { fill, onMissing }) {
    Object.assign(this, { page, viewer, strings, fill, onMissing });
  }

  /** Show the candidate in hand; what arrives after another was chosen is dropped. */
  async show({ work: { source, candidates }, at }) {
    const { viewer } = this;
    const candidate = candidates[at - 1];
    this.#name(source, candidate, at);
    if (viewer.showing === candidate.url) return;
    viewer.showing = candidate.url;
    viewer.blank();
    const pair = [picture(source.url), picture(candidate.url)];
    const [before, after] = await Promise.all(pair).catch(() => []);
    if (viewer.showing !== candidate.url) return;
    if (!after) {
      viewer.showing = null;
      this.onMissing();
      return;
    }
    before.classList.toggle("work-alpha", source.alpha);
    after.classList.toggle("work-alpha", candidate.alpha);
    viewer.show(before, after);
  }

  #name(source, candidate, at) {
    const name = this.fill(this.strings.candidate, { letter: letterOf(at) });
    const isOtherSize = candidate.width !== source.width || candidate.height !== source.height;
    const scaled = isOtherSize ? ` · ${this.fill(this.strings.scaled, candidate)}` : "";
    this.page.candidateName.textContent = name + scaled;
  }
}
