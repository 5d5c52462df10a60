// What the page says of the item in hand beside its pictures: the instruction and where to ask about it.

/** Show an item's instruction, its guideline version and the door to its questions. */
export function showOrder(page, work, urls) {
  page.instruction.textContent = work.instruction;
  page.instruction.lang = work.language;
  page.guidelineNumber.textContent = work.guideline;
  if (page.askOpen) page.askOpen.href = `${urls.questions}${work.token}/`;
}
