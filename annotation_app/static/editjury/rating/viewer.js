// Source and candidate side by side: one scale, one zoom, one pan for both.

import { Geometry } from "./geometry.js";
import { differenceOf } from "./difference.js";
import { followPointers } from "./gestures.js";

/**
 * `onAid(name)` hears which aid is used, `onView({ zoom, mode, held })` how the view changed,
 * `onWord(text | null, sizes)` why a mode cannot be shown.
 */
export class Viewer {
  constructor(elements, { onAid, onView, onWord }) {
    this.elements = elements;
    this.onAid = onAid;
    this.onView = onView;
    this.onWord = onWord;
    this.geometry = new Geometry();
    this.mode = "plain";
    this.isHeld = false;
    this.swipeAt = 0.5;
    this.gain = 4;
    this.source = null;
    this.candidate = null;
    this.factor = 1;
    for (const frame of [elements.sourceFrame, elements.candidateFrame]) {
      followPointers(frame, {
        pan: (dx, dy) => this.#change(() => this.geometry.pan(dx, dy)),
        zoom: (factor, x, y) => this.zoomBy(factor, x, y),
        swipe: (share) => this.mode === "swipe" && this.setSwipe(share),
      });
    }
    new ResizeObserver(() => this.#fit()).observe(elements.candidateFrame);
  }

  /** Show nothing: the pictures of what is in hand are not there yet. */
  blank() {
    this.elements.candidateStage.replaceChildren();
    this.elements.sourceStage.replaceChildren();
  }

  /** Show two decoded pictures; the source may be the one already there. */
  show(source, candidate) {
    const isNewItem = this.source !== source;
    this.source = source;
    this.candidate = candidate;
    this.elements.sourceStage.replaceChildren(source);
    this.elements.candidateStage.replaceChildren(candidate);
    // A second element of the same decoded file: one element cannot be in both panes.
    this.overlay = isNewItem ? source.cloneNode() : this.overlay;
    this.overlay.className = "work-overlay";
    // Whatever is transparent in the source must not let the candidate shine through.
    this.overlay.classList.toggle("work-alpha", source.classList.contains("work-alpha"));
    this.elements.candidateStage.append(this.overlay);
    // A candidate of another size is shown at the source's scale, so that things lie alike.
    this.factor = scaleTo(sizeOf(source), sizeOf(candidate));
    candidate.style.width = `${candidate.naturalWidth * this.factor}px`;
    candidate.style.height = `${candidate.naturalHeight * this.factor}px`;
    const shown = { width: candidate.naturalWidth * this.factor, height: candidate.naturalHeight * this.factor };
    this.geometry.setImages(sizeOf(source), shown, { keepView: !isNewItem });
    this.#fit();
    this.#applyMode();
  }

  /** Put the source in the candidate's place, or the candidate back. */
  hold(isHeld) {
    if (this.isHeld === isHeld || !this.source) return;
    this.isHeld = isHeld;
    if (isHeld) this.onAid("source");
    this.#applyMode();
  }

  setMode(mode) {
    this.mode = this.mode === mode ? "plain" : mode;
    if (this.mode !== "plain") this.onAid(this.mode);
    this.#applyMode();
  }

  setSwipe(share) {
    this.swipeAt = Math.min(Math.max(share, 0), 1);
    this.#placeSwipe();
  }

  setGain(gain) {
    this.gain = gain;
    if (this.mode === "difference") this.#applyMode();
  }

  zoomBy(factor, x, y) {
    this.onAid("zoom");
    this.#change(() => this.geometry.zoomBy(factor, x, y));
  }

  /** Move both pictures by shares of the frame. */
  panBy(across, down) {
    const { clientWidth, clientHeight } = this.elements.candidateFrame;
    this.#change(() => this.geometry.pan(across * clientWidth, down * clientHeight));
  }

  pixels() {
    this.onAid("pixels");
    // The candidate's own pixels: it is what is judged.
    this.#change(() => this.geometry.zoomTo(1 / (this.factor * globalThis.devicePixelRatio)));
  }

  fit() {
    this.#change(() => this.geometry.fit());
  }

  #change(work) {
    work();
    this.#place();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.elements.candidateFrame;
    this.geometry.setFrame(clientWidth, clientHeight);
    this.#place();
  }

  #place() {
    if (!this.source) return;
    const { sourceStage, candidateStage } = this.elements;
    const transform = this.geometry.transform();
    const isCoarse = this.geometry.scale * globalThis.devicePixelRatio >= 2;
    for (const stage of [sourceStage, candidateStage]) {
      stage.style.transform = transform;
      stage.classList.toggle("work-pixelated", isCoarse);
    }
    this.#placeSwipe();
    this.#tell();
  }

  #placeSwipe() {
    const { swipeLine } = this.elements;
    const isOn = this.mode === "swipe" && !this.isHeld;
    swipeLine.hidden = !isOn;
    if (!this.overlay) return;
    if (!isOn) {
      this.overlay.style.clipPath = "";
      return;
    }
    const cut = this.geometry.frameShareToImage(this.swipeAt);
    this.overlay.style.clipPath = `inset(0 ${Math.max(0, this.source.naturalWidth - cut)}px 0 0)`;
    swipeLine.style.left = `${this.swipeAt * 100}%`;
  }

  #applyMode() {
    if (!this.source) return;
    const sizes = [sizeOf(this.source), sizeOf(this.candidate)];
    const differs = sizes[0].width !== sizes[1].width || sizes[0].height !== sizes[1].height;
    const wantsMap = this.mode === "difference" && !this.isHeld;
    this.onWord(wantsMap && differs, sizes);
    this.map?.remove();
    this.map = wantsMap && !differs ? differenceOf(this.source, this.candidate, this.gain) : null;
    if (this.map) this.elements.candidateStage.append(this.map);
    this.overlay.classList.toggle("work-shown", this.isHeld || this.mode === "swipe");
    this.candidate.classList.toggle("work-hidden", this.isHeld);
    this.#placeSwipe();
    this.#tell();
  }

  #tell() {
    this.onView({
      zoom: this.geometry.scale * this.factor * globalThis.devicePixelRatio,
      mode: this.mode,
      isHeld: this.isHeld,
    });
  }
}

function scaleTo(source, candidate) {
  return Math.min(source.width / candidate.width, source.height / candidate.height);
}

function sizeOf(image) {
  return { width: image.naturalWidth, height: image.naturalHeight };
}
