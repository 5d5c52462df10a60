// Whose the keys are: an element that was clicked, or focused by the page, keeps none to itself.

let isOwn = true; // the person moved the focus to its element by keyboard or another aid
let isPointing = false;

/** Follow how the focus moves; call once, before anything asks. */
export function watchFocus() {
  const listen = (name, act) => document.addEventListener(name, act, { capture: true, passive: true });
  listen("pointerdown", () => {
    isPointing = true;
    isOwn = false;
  });
  listen("keydown", () => {
    isPointing = false;
  });
  listen("focusin", () => {
    isOwn = !isPointing;
  });
}

/** Focus an element without giving it the keys: Space compares and Enter submits all the same. */
export function lendFocus(element) {
  element.focus({ preventScroll: true });
  isOwn = false;
}

/** Whether the focused element was chosen by keyboard and acts on keys itself. */
export function ownsKeys() {
  return isOwn;
}
