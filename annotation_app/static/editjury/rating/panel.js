// The rubric beside the images: shows what is scored, tells what is chosen.

import { scoreAt } from "./state.js";

export class Panel {
  /** `onScore(dimensionIndex, value, isPointer)` and `onCannot(dimensionIndex)` hear the person. */
  constructor(form, strings, { onScore, onCannot, onMark }) {
    this.form = form;
    this.strings = strings;
    this.groups = [...form.querySelectorAll("[data-dimension]")];
    this.groups.forEach((group, index) => {
      group.addEventListener("click", (event) => {
        if (event.target.matches("input[type=radio]")) {
          onScore(index, Number(event.target.value), event.detail > 0);
        } else if (event.target.closest("[data-cannot]")) {
          onCannot(index);
        }
      });
      group.addEventListener("focusin", () => onMark(index));
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  show(item) {
    if (item.work.guideline !== this.guideline) this.#word(item);
    this.groups.forEach((group, index) => {
      const value = scoreAt(item, item.at, index);
      if (index === item.dimension && !group.classList.contains("work-active")) this.#bringToView(group);
      group.classList.toggle("work-active", index === item.dimension);
      for (const input of group.querySelectorAll("input")) {
        input.checked = Number(input.value) === value;
      }
      const reason = typeof value === "string" ? value : null;
      const cannot = group.querySelector("[data-cannot]");
      cannot.setAttribute("aria-pressed", String(reason !== null));
      cannot.querySelector("span").textContent = reason
        ? this.strings.cannotJudge.replace("{reason}", this.strings[`reason.${reason}`])
        : this.strings.cannotJudgePlain;
    });
  }

  /** Scroll the rail alone, never the page. */
  #bringToView(group) {
    const [box, frame] = [group.getBoundingClientRect(), this.form.getBoundingClientRect()];
    if (box.top < frame.top) this.form.scrollTop -= frame.top - box.top;
    else if (box.bottom > frame.bottom) this.form.scrollTop += Math.min(box.bottom - frame.bottom, box.top - frame.top);
  }

  /** Write the levels and criteria in the words of the item's guideline version. */
  #word(item) {
    this.guideline = item.work.guideline;
    this.groups.forEach((group, index) => {
      const dimension = item.rubric[index];
      group.querySelector("legend").textContent = dimension.name;
      group.querySelector(".work-summary").textContent = dimension.summary;
      for (const level of dimension.levels) {
        const text = group.querySelector(`input[value="${level.value}"]`).parentElement.querySelector(".work-level-text");
        text.firstElementChild.textContent = level.name;
        text.lastElementChild.textContent = level.anchor;
      }
      group.querySelectorAll("li").forEach((line, place) => {
        const name = document.createElement("b");
        name.textContent = dimension.criteria[place].name;
        line.replaceChildren(name, ` ${dimension.criteria[place].description}`);
      });
    });
  }
}
