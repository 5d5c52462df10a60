// What the page says of the item in hand beside its pictures: instruction, guideline, what is left.

import { fill } from "./fill.js";
import { keySign } from "./keys.js";
import { countLeft } from "./state.js";

/** Show an item's instruction, its guideline version and the door to its questions. */
export function showOrder(page, work, urls) {
  page.instruction.textContent = work.instruction;
  page.instruction.lang = work.language;
  page.guidelineNumber.textContent = work.guideline;
  page.guidelineLink.href = `${urls.guideline}${work.guideline}/`; // the version that the item was planned with
  if (page.askOpen) page.askOpen.href = `${urls.questions}${work.token}/`;
}

/** Say on the submit button how many scores are missing. */
export function showSubmit(page, item, strings, keys) {
  const left = countLeft(item);
  const done = `${item.change ? strings.submitChange : strings.submit} ${keySign(keys.submit)}`;
  page.submit.setAttribute("aria-disabled", String(left > 0));
  page.submit.textContent = left > 0 ? fill(strings.left, { count: left }) : done;
}

/** Show how long the lease runs; `seconds` is null where there is none. */
export function showTime(page, seconds, strings) {
  const left = seconds > 0 ? fill(strings.minutesLeft, { minutes: Math.ceil(seconds / 60) }) : strings.leaseEnded;
  page.leaseLeft.textContent = seconds === null ? "" : left;
}

/** Let the guideline slide in beside the work, in the item's version; say where it cannot. */
export function bindGuideline(page, onMissing) {
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.target === page.guidelineLink) event.detail.path = page.guidelineLink.pathname;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== page.guidelineText) return;
    if (!page.guidelineDialog.open) page.guidelineDialog.show();
    page.guidelineText.focus(); // its own keys scroll it; all others still rate
  });
  for (const name of ["htmx:sendError", "htmx:responseError"]) document.body.addEventListener(name, onMissing);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog:modal")) page.guidelineDialog.close();
  });
}
