// The keys page: a field takes the key that is pressed in it.

import { keyName } from "./keys.js";

const LEAVING = new Set(["Tab", "Escape", "Shift", "Control", "Alt", "Meta", "CapsLock", "AltGraph", "Dead", "Process"]);

for (const field of document.querySelectorAll(".keys-input")) {
  field.addEventListener("focus", () => field.select());
  field.addEventListener("keydown", (event) => {
    if (LEAVING.has(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    field.value = keyName(event);
    field.select();
  });
}
