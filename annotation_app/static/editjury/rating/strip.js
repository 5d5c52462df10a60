// All candidates of the item with their scores, and the ranking that follows from them.

import { letterOf, ranking, scoreAt } from "./state.js";

export class Strip {
  constructor(elements, strings, { onChoose }) {
    this.elements = elements;
    this.strings = strings;
    this.onChoose = onChoose;
    this.token = null;
  }

  show(item) {
    if (this.token !== item.work.token) this.#build(item);
    for (const [index, button] of this.buttons.entries()) {
      const position = index + 1;
      const values = item.rubric.map((_, dimension) => scoreAt(item, position, dimension));
      const isOpen = position === item.at;
      if (isOpen && button.getAttribute("aria-pressed") !== "true") this.#bringToView(button);
      button.setAttribute("aria-pressed", String(isOpen));
      button.classList.toggle("work-complete", values.every((value) => value !== undefined));
      const text = values.map((value) => (value === undefined ? "–" : Number.isInteger(value) ? value : "✕")).join("·");
      button.lastElementChild.textContent = text;
      const name = this.strings.candidate.replace("{letter}", letterOf(position));
      button.setAttribute("aria-label", `${name}, ${values.some((value) => value !== undefined) ? text : this.strings.unscored}`);
    }
    const order = ranking(item).map((equals) => equals.map(letterOf).join(" = "));
    this.elements.ranking.textContent = order.join(" > ") || "–";
  }

  /** Scroll the strip alone, never the page. */
  #bringToView(button) {
    const { strip } = this.elements;
    const [box, frame] = [button.getBoundingClientRect(), strip.getBoundingClientRect()];
    if (box.left < frame.left) strip.scrollLeft -= frame.left - box.left;
    else if (box.right > frame.right) strip.scrollLeft += box.right - frame.right;
  }

  #build(item) {
    this.token = item.work.token;
    this.buttons = item.work.candidates.map((candidate, index) => this.#button(candidate, index + 1));
    this.elements.strip.replaceChildren(...this.buttons);
  }

  #button(candidate, position) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "work-candidate";
    const image = document.createElement("img");
    image.src = candidate.url;
    image.alt = "";
    image.decoding = "async";
    image.draggable = false;
    const letter = document.createElement("b");
    letter.textContent = letterOf(position);
    const scores = document.createElement("span");
    scores.className = "work-candidate-scores";
    button.append(image, letter, scores);
    button.addEventListener("click", () => this.onChoose(position));
    return button;
  }
}
