// Next and previous item by keyboard: J and K, as the links say; not while somebody types.

import { keyName, placeOf } from "../rating/keys.js";

const TYPING = "input, select, textarea, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.(TYPING)) return;
  const link = linkOf(keyName(event)) ?? linkOf(placeOf(event));
  if (!link) return;
  event.preventDefault();
  link.click();
});

function linkOf(name) {
  return name && document.querySelector(`a[data-key="${CSS.escape(name)}"]`);
}
