// Key presses to actions, unless the person writes or the element under focus needs the key.

import { ownsKeys, watchFocus } from "./focus.js";
import { actionOf, belongsToElement, isTyping, keySign, placeName } from "./keys.js";

const VIEW_ACTIONS = {
  swipe: (viewer) => viewer.setMode("swipe"),
  difference: (viewer) => viewer.setMode("difference"),
  fit: (viewer) => viewer.fit(),
  pixels: (viewer) => viewer.pixels(),
  "zoom-in": (viewer) => viewer.zoomBy(1.25),
  "zoom-out": (viewer) => viewer.zoomBy(0.8),
};

const STEP = 0.125; // of the frame
const PANS = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

/** `isReady(action)` says whether an action makes sense now. */
export function bindKeys(keys, { levels, actions, viewer, isReady }) {
  watchFocus();
  let holding = ""; // the place of the key that shows the source
  document.addEventListener("keydown", (event) => {
    if (!isFree(event)) return;
    if (event.shiftKey && PANS[event.key] && isReady("pan")) {
      event.preventDefault();
      viewer.panBy(...PANS[event.key]);
      return;
    }
    const action = actionOf(event, keys);
    if (!action || !isReady(action)) return;
    event.preventDefault();
    if (event.repeat && !action.startsWith("zoom")) return;
    const level = /^level-(\d+)$/.exec(action);
    if (level) levels(Number(level[1]));
    else if (action === "source") {
      holding = placeName(event);
      viewer.hold(true);
    }
    else (VIEW_ACTIONS[action] ?? actions[action])?.(viewer);
  });
  document.addEventListener("keyup", (event) => {
    // What it prints may change while it is down: another layout's letter, Shift let go before it.
    if (!holding || placeName(event) !== holding) return;
    holding = "";
    // A radio or the page would act on Space when it comes up.
    if (viewer.isHeld) event.preventDefault();
    viewer.hold(false);
  });
  globalThis.addEventListener("blur", () => {
    holding = "";
    viewer.hold(false);
  });
}

function isFree(event) {
  if (event.defaultPrevented || isTyping(event.target) || belongsToElement(event, ownsKeys())) return false;
  return !document.querySelector("dialog:modal");
}

/** Print the person's keys wherever the page names an action. */
export function showKeys(keys, rubric) {
  for (const sign of document.querySelectorAll("[data-key]")) {
    sign.textContent = keySign(keys[sign.dataset.key]);
  }
  const values = [...new Set(rubric.flatMap(({ levels }) => levels.map(({ value }) => value)))];
  const signs = values.sort((a, b) => a - b).map((value) => {
    const sign = document.createElement("kbd");
    sign.textContent = keySign(keys[`level-${value}`]);
    return sign;
  });
  document.querySelector(".work-key-levels").replaceChildren(...signs);
}
