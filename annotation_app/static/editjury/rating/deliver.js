// Sends what an earlier page of the workbench left behind, from pages without a workbench.

import { speakFor } from "./net.js";
import { Outbox } from "./outbox.js";
import { openStore } from "./store.js";

const box = document.getElementById("delivery");
const { person, words } = box.dataset;

speakFor(person);
const outbox = new Outbox(await openStore(person), {
  onReply: (_entry, _answer, error) => error && tell(error.message),
  onChange: ({ waiting, problem }) => {
    if (waiting > 0) tell((problem?.kind === "signed-out" && problem.message) || words.replace("{count}", waiting));
    else if (box.dataset.waiting > 0) tell(box.dataset.done);
    box.dataset.waiting = waiting;
  },
});
await outbox.load();

function tell(text) {
  box.hidden = false;
  box.textContent = text;
}
