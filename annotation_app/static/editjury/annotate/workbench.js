// The workbench: joins the item in hand, the page, the keys and the wire.

import { tellAnswer } from "./answers.js";
import { Clock } from "./clock.js";
import { askFlag, askReason, askText } from "./dialogs.js";
import { Drafts } from "./drafts.js";
import { changeEntry, flagEntry, skipEntry, submitEntry } from "./entries.js";
import { fill } from "./fill.js";
import { forget, preload } from "./images.js";
import { bindKeys, showKeys } from "./input.js";
import { send } from "./net.js";
import { Outbox } from "./outbox.js";
import { showOrder } from "./order.js";
import { page } from "./page.js";
import { Panel } from "./panel.js";
import { showPace } from "./pace.js";
import { Stage } from "./stage.js";
import * as state from "./state.js";
import { Status } from "./status.js";
import { MemoryStore, openStore } from "./store.js";
import { Strip } from "./strip.js";
import { Supply } from "./supply.js";
import { bindTools, makeViewer } from "./tools.js";

const REOPEN_TIME = 10 * 60_000; // ms; the server has the last word
const data = JSON.parse(page.data.textContent);
const strings = JSON.parse(page.strings.textContent);

let item = null;
let isOpening = false; // an item was taken and is not on the bench yet: no other may be taken meanwhile
let finished = []; // { item, uuid, at }: submitted in this window, the newest last
let interrupted = []; // works put aside while an earlier one is changed

const status = new Status(page, strings, data.urls.signIn);
const clock = new Clock({ onBreak: (minutes) => status.notice(fill(strings.break, { minutes })) });
const store = await openStore(data.person).catch(() => new MemoryStore());
const outbox = new Outbox(store, { onAnswer: heard, onChange: (now) => status.setOutbox(now) });
const drafts = new Drafts(store, { leasesUrl: data.urls.leases, onState: (now) => status.setDraft(now) });
const windows = new BroadcastChannel(`editjury-${data.person}`);
const supply = new Supply(data.urls, data.works, {
  onEnded: () => status.notice(strings.leaseOver, "warn", { stays: true }),
  isActive: () => clock.isActive,
  unsent: () => outbox.tokens,
  aside: () => interrupted.map((work) => work.token),
  skips: (token) => outbox.holds(token) || finished.some((one) => one.item.work.token === token),
});
const viewer = makeViewer({ strings, onAid: (aid) => update((now) => state.useAid(now, aid), { silent: true }) });
const stage = new Stage(page, viewer, strings, { fill, onMissing: () => status.notice(strings.noPicture, "bad") });
const panel = new Panel(page.rubric, strings, {
  onScore: (index, value, isPointer) => score(value, { index, advance: isPointer }),
  onCannot: (index) => cannotJudge(index),
  onMark: (index) => item && index !== item.dimension && update((now) => state.markDimension(now, index), { silent: true, isView: true }),
});
const strip = new Strip(page, strings, { onChoose: (position) => update((now) => state.moveTo(now, position), { isView: true }) });

const actions = {
  previous: () => update((now) => state.moveTo(now, now.at - 1), { isView: true }),
  next: () => update((now) => state.moveTo(now, now.at + 1), { isView: true }),
  "dimension-up": () => update((now) => state.markDimension(now, now.dimension - 1), { isView: true }),
  "dimension-down": () => update((now) => state.markDimension(now, now.dimension + 1), { isView: true }),
  submit,
  undo,
  "cannot-judge": () => cannotJudge(item.dimension),
  flag,
  note,
  skip,
  help: () => page.helpDialog.showModal(),
  guideline: () => page.guidelineLink.click(),
  ask: () => page.askOpen?.click(),
};
bindKeys(data.keys, { levels: (value) => score(value), actions, viewer, isReady: () => item !== null });
bindTools(viewer);
showKeys(data.keys, data.rubric);
globalThis.addEventListener("online", () => item && show());
page.undo.addEventListener("click", undo);
page.submit.addEventListener("click", submit);
page.flagOpen.addEventListener("click", flag);
page.noteOpen.addEventListener("click", note);
page.skipOpen.addEventListener("click", skip);
page.helpOpen.addEventListener("click", actions.help);
page.idleRetry.addEventListener("click", goOn);
windows.addEventListener("message", ({ data: said }) => heardWindow(said));
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "guideline-text" && !page.guidelineDialog.open) page.guidelineDialog.show();
});
for (const name of ["pagehide", "visibilitychange"]) document.addEventListener(name, keepTime);
setInterval(showLease, 15_000);

await outbox.load();
await start();

async function start() {
  const uuid = new URLSearchParams(location.search).get("change");
  if (uuid && (await reopen(uuid))) return;
  await goOn();
}

/** Take the next item to the bench; what is at hand is painted in the same turn. */
async function goOn() {
  if (isOpening) return;
  item = null;
  delete page.bench.dataset.token;
  const ready = interrupted.pop() ?? supply.nextAtHand();
  if (ready) {
    await begin(ready);
    supply.refill();
    return;
  }
  idle(strings.loading);
  const first = supply.nextArrival();
  const fetching = supply.refill();
  const problem = await Promise.race([first, fetching]);
  if (item || isOpening) return;
  const work = supply.nextAtHand();
  if (work) {
    await begin(work);
  } else if (outbox.waiting > 0 && problem?.kind === "refused") {
    return; // a submit on its way holds the last lease; `heard` goes on
  } else if (problem?.kind === "offline" || problem?.kind === "server") {
    idle(strings.offlineEmpty);
  } else {
    idle(strings.nothing, problem?.message === strings.nothing ? strings.nothingMore : problem?.message);
  }
}

async function begin(work, change = null) {
  supply.current = work.token;
  isOpening = true;
  const draft = change ?? (await drafts.newest(work));
  isOpening = false;
  item = state.openItem(work, work.rubric, draft);
  clock.take();
  page.idle.hidden = true;
  page.bench.hidden = false;
  showOrder(page, work, data.urls);
  if (work.guideline !== data.guideline) {
    status.notice(fill(strings.newGuideline, { number: work.guideline }), "warn");
    data.guideline = work.guideline;
  }
  preload(work);
  await show();
  page.bench.dataset.token = work.token;
  page.main.focus({ preventScroll: true });
  showLease();
}

/** Change the item in hand and show it; a change worth keeping is saved at once. */
function update(work, { silent = false, isView = false } = {}) {
  if (!item) return;
  item = work(item);
  if (!isView) {
    item = { ...item, seconds: item.seconds + clock.take() };
    if (!item.change) drafts.keep(item.work.token, state.draftOf(item));
  }
  if (!silent) show();
}

async function show() {
  panel.show(item);
  strip.show(item);
  const left = state.countLeft(item);
  page.submit.setAttribute("aria-disabled", String(left > 0));
  const done = item.change ? strings.submitChange : strings.submit;
  page.submit.textContent = left > 0 ? fill(strings.left, { count: left }) : `${done} ⏎`;
  await stage.show(item);
}

function score(value, { index = item.dimension, advance = true } = {}) {
  const dimension = item.rubric[index];
  const isLevel = !Number.isInteger(value) || dimension.levels.some((level) => level.value === value);
  if (!isLevel) return;
  const { at } = item;
  update((now) => state.setScore(state.markDimension(now, index), value, { advance }));
  const said = Number.isInteger(value) ? value : fill(strings.cannotJudge, { reason: strings[`reason.${value}`] });
  status.announce(fill(strings.scored, { letter: state.letterOf(at), dimension: dimension.name, score: said }));
  if (advance && state.countLeft(item) === 0) page.submit.focus();
}

async function cannotJudge(index) {
  update((now) => state.markDimension(now, index), { isView: true });
  const reason = await askReason(page.cannotDialog);
  if (reason) score(reason, { index });
}

function undo() {
  const before = item && state.undo(item);
  if (before) {
    update(() => before);
    status.announce(strings.undone);
    return;
  }
  const last = finished.at(-1);
  if (!last || isOpening || item?.change || Date.now() - last.at > REOPEN_TIME) {
    status.notice(strings.noUndo);
    return;
  }
  finished.pop();
  if (item) interrupted.push(item.work);
  begin(last.item.work, { ...state.draftOf(last.item), change: { uuid: last.uuid, isUndo: true } });
  status.notice(strings.reopened);
}

/** Open a submitted rating of the history for a change; false if it is closed. */
async function reopen(uuid) {
  try {
    const { work, rating } = await send("GET", data.urls.ratings + uuid);
    const { scores, note: said, seconds } = rating;
    await begin(work, { scores, note: said, seconds, change: { uuid, isUndo: false } });
    status.notice(strings.reopened);
    return true;
  } catch (error) {
    status.notice(error.kind === "refused" ? error.message : strings.closed, "warn");
    return false;
  }
}

function submit() {
  if (!item) return;
  const left = state.countLeft(item);
  if (left > 0) {
    status.notice(fill(strings.incomplete, { count: left }), "warn");
    update((now) => state.moveToUnscored(now, now.at), { isView: true });
    return;
  }
  item = { ...item, seconds: item.seconds + clock.take() };
  const done = item;
  const uuid = crypto.randomUUID();
  const entry = done.change ? changeEntry(done, uuid, data.urls) : submitEntry(done, uuid, data.urls);
  outbox.add(entry).then(() => drafts.forget(done.work.token));
  finished = [...finished.slice(-2), { item: { ...done, past: [] }, uuid: done.change?.uuid ?? uuid, at: Date.now() }];
  if (!done.change) windows.postMessage({ submitted: done.work.token });
  goOn();
}

/** What the server said to something from the outbox. */
function heard(entry, answer, error) {
  if (answer?.goTo) {
    globalThis.location.assign(answer.goTo);
    return;
  }
  if (error) finished = finished.filter((one) => one.uuid !== entry.uuid);
  tellAnswer(status, strings, entry, answer, error);
  supply.drop(entry.token);
  if (item === null) goOn();
  else supply.refill();
  showPace(data.urls.session, strings);
  for (const old of finished.slice(0, -1)) forget(old.item.work);
}

/** Another window of the same person submitted something. */
function heardWindow({ submitted }) {
  supply.drop(submitted);
  if (item?.work.token !== submitted || item.change) return;
  status.notice(strings.otherWindow, "warn", { stays: true });
  drafts.forget(submitted);
  goOn();
}

async function flag() {
  const said = item && (await askFlag(page.flagDialog));
  if (!said) return;
  await outbox.add(flagEntry(item, said, data.urls));
  status.notice(strings.flagged, "good");
}

async function note() {
  const text = item && (await askText(page.noteDialog, item.note, "keep"));
  if (text === null || text === undefined) return;
  update((now) => ({ ...now, note: text, number: now.number + 1 }));
  status.announce(strings.noteKept);
}

async function skip() {
  if (!item || item.change) return;
  const reason = await askText(page.skipDialog, "", "skip");
  if (!reason) return;
  const { work } = item;
  await outbox.add(skipEntry(item, reason, data.urls));
  drafts.forget(work.token);
  status.notice(strings.skipped);
  goOn();
}

function idle(title, text = "") {
  page.bench.hidden = true;
  page.idle.hidden = false;
  page.idleTitle.textContent = title;
  page.idleText.textContent = text;
}

function keepTime() {
  if (item && document.visibilityState === "hidden" && item.number > 0) update((now) => ({ ...now, number: now.number + 1 }), { silent: true });
}

function showLease() {
  const seconds = item && !item.change ? supply.secondsLeft(item.work.token) : null;
  if (seconds === null) page.leaseLeft.textContent = "";
  else page.leaseLeft.textContent = seconds > 0 ? fill(strings.minutesLeft, { minutes: Math.ceil(seconds / 60) }) : strings.leaseEnded;
}
