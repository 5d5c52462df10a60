// From a key press to an action: layouts, the number pad and key repeat are settled here.

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;

/** The key's name as people configure it: "a", "?", "Space", "ArrowLeft". */
export function keyName(event) {
  if (event.key === " ") return "Space";
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** Which key of the keyboard it is, whatever it prints; touch keyboards tell only that. */
export function placeName(event) {
  return event.code || keyName(event);
}

/** The action of a key press, or null. A key that is held down acts once. */
export function actionOf(event, keys) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const named = findAction(keys, keyName(event));
  if (named) return named;
  return placeOf(event) && findAction(keys, placeOf(event));
}

/** What the key's place would print on the layout that the defaults are made for. */
export function placeOf(event) {
  // AZERTY prints & where others print 1: there the place of the key decides.
  const digit = DIGIT.exec(event.code);
  if (digit && !event.shiftKey) return digit[1];
  // So it does where letters are Cyrillic, Arabic, Greek, …
  const letter = /^Key([A-Z])$/.exec(event.code);
  const isForeign = event.key.length === 1 && event.key > "\u024f";
  return letter && isForeign ? letter[1].toLowerCase() : null;
}

function findAction(keys, name) {
  return Object.keys(keys).find((action) => keys[action] === name) ?? null;
}

/** Whether the person is writing something right now. */
export function isTyping(target) {
  if (!(target instanceof Element)) return false;
  if (target.closest("textarea, select, [contenteditable]")) return true;
  const input = target.closest("input");
  return Boolean(input) && !["radio", "checkbox", "button", "range"].includes(input.type);
}

// What the browser itself does with keys; the radios' other arrows move between candidates.
const NATIVE = [
  ["input[type=radio]", ["ArrowUp", "ArrowDown", " "]],
  ["input[type=range]", ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]],
  ["button, a[href], summary, [role=button]", [" ", "Enter"]],
];
const SCROLLING = ["ArrowUp", "ArrowDown", " ", "Home", "End", "PageUp", "PageDown"];

/** Whether the browser itself does something with this key on this element. */
export function belongsToElement(event, ownsKeys) {
  const element = event.target instanceof Element ? event.target : null;
  if (!element) return false;
  if (element.matches(".work-drawer [tabindex]")) return SCROLLING.includes(event.key);
  return ownsKeys && NATIVE.some(([kind, keys]) => element.closest(kind) && keys.includes(event.key));
}

const SIGNS = { Space: "␣", Enter: "⏎", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Backspace: "⌫" };

/** How a key is printed on the page. */
export function keySign(name) {
  return SIGNS[name] ?? (name?.length === 1 ? name.toUpperCase() : name);
}
