// Ordering the edits of a group: by dragging, by arrow keys, by buttons. The place fields stay
// what is sent, so the page works without this module as well.

const form = document.querySelector("[data-ranking]");
const list = form.querySelector("[data-order]");
const said = form.querySelector("[data-said]");
const cards = () => [...list.querySelectorAll("[data-card]")];
const field = (card) => card.querySelector("[data-place]");
const place = (card) => Number(field(card).value);

/** Put the cards on screen in the order of their places. */
function arrange() {
  const focused = document.activeElement;
  const ordered = cards().map((card, index) => ({ card, index }));
  ordered.sort((a, b) => place(a.card) - place(b.card) || a.index - b.index);
  list.append(...ordered.map(({ card }) => card));
  if (list.contains(focused)) focused.focus();
}

/** Write places 1, 2, … from the cards' order on screen. */
function number() {
  cards().forEach((card, index) => { field(card).value = String(index + 1); });
}

/** Move a card by one place and keep it in focus. */
function move(card, step) {
  const all = cards();
  const target = all.indexOf(card) + step;
  if (target < 0 || target >= all.length) return;
  if (step < 0) all[target].before(card);
  else all[target].after(card);
  number();
  said.textContent = `${card.querySelector("label").textContent}: ${place(card)}`;
}

/** The pair's places may be equal; in larger groups a changed place swaps with its holder. */
function settle(card, before) {
  if (cards().length > 2) {
    const holder = cards().find((other) => other !== card && place(other) === place(card));
    if (holder) field(holder).value = before;
  }
  arrange();
}

let held = null;
for (const card of cards()) {
  let before = field(card).value;
  card.tabIndex = 0;
  card.draggable = true;
  card.querySelector("[data-moves]").hidden = false;
  for (const button of card.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => {
      move(card, Number(button.dataset.move));
      button.focus();
    });
  }
  field(card).addEventListener("focus", () => { before = field(card).value; });
  field(card).addEventListener("change", () => {
    settle(card, before);
    before = field(card).value;
  });
  card.addEventListener("keydown", (event) => {
    if (event.target !== card) return;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(card, step);
    card.focus();
  });
  card.addEventListener("dragstart", (event) => {
    held = card;
    event.dataTransfer.effectAllowed = "move";
    card.classList.add("is-held");
  });
  card.addEventListener("dragend", () => {
    card.classList.remove("is-held");
    held = null;
  });
  card.addEventListener("dragover", (event) => { if (held) event.preventDefault(); });
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!held || held === card) return;
    const all = cards();
    if (all.indexOf(held) < all.indexOf(card)) card.after(held);
    else card.before(held);
    number();
  });
}

form.querySelector("[data-keys]").hidden = false;
arrange();
