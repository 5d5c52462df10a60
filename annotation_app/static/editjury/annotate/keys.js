// From a key press to an action: layouts, the number pad and key repeat are settled here.

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;

/** The key's name as people configure it: "a", "?", "Space", "ArrowLeft". */
export function keyName(event) {
  if (event.key === " ") return "Space";
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** The action of a key press, or null. A key that is held down acts once. */
export function actionOf(event, keys) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const named = findAction(keys, keyName(event));
  if (named) return named;
  // AZERTY prints & where others print 1: there the place of the key decides.
  const digit = DIGIT.exec(event.code);
  return digit && !event.shiftKey ? findAction(keys, digit[1]) : null;
}

function findAction(keys, name) {
  return Object.keys(keys).find((action) => keys[action] === name) ?? null;
}

/** Whether the person is writing or choosing something with the keyboard right now. */
export function isTyping(target) {
  if (!(target instanceof Element)) return false;
  if (target.closest("textarea, select, [contenteditable]")) return true;
  const input = target.closest("input");
  return Boolean(input) && !["radio", "checkbox", "button"].includes(input.type);
}

/** Whether the browser itself does something with this key on this element. */
export function belongsToElement(event) {
  const element = event.target instanceof Element ? event.target : null;
  if (!element) return false;
  const isRadio = element.matches("input[type=radio]");
  if (isRadio && (event.key === "ArrowUp" || event.key === "ArrowDown")) return true;
  const acts = element.closest("button, a[href], summary, [role=button]");
  return Boolean(acts) && (event.key === " " || event.key === "Enter");
}

const SIGNS = { Space: "␣", Enter: "⏎", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Backspace: "⌫" };

/** How a key is printed on the page. */
export function keySign(name) {
  return SIGNS[name] ?? (name?.length === 1 ? name.toUpperCase() : name);
}
