// Questions to the person: a reason, a flag, a note. Each resolves with the answer or null.

/** Open a dialog; resolves with the value of the button that closed it, "" for cancel. */
export function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

/** Why a score is missing; digits choose. */
export async function askReason(dialog) {
  const choose = (event) => {
    const button = dialog.querySelector(`[data-digit="${event.key}"]`) ?? digitButton(dialog, event.code);
    if (!button) return;
    event.preventDefault();
    dialog.close(button.value);
  };
  dialog.addEventListener("keydown", choose);
  const reason = await ask(dialog);
  dialog.removeEventListener("keydown", choose);
  return reason || null;
}

/** What is wrong with the item: { kind, note }. */
export async function askFlag(dialog) {
  const note = dialog.querySelector("textarea");
  note.value = "";
  if ((await ask(dialog)) !== "send") return null;
  return { kind: dialog.querySelector("input:checked").value, note: note.value.trim() };
}

/** A text that may be empty; null for cancel. */
export async function askText(dialog, text, wanted) {
  const field = dialog.querySelector("textarea");
  field.value = text;
  return (await ask(dialog)) === wanted ? field.value.trim() : null;
}

function digitButton(dialog, code) {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  return digit ? dialog.querySelector(`[data-digit="${digit}"]`) : null;
}
