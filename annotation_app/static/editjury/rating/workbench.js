// The workbench: joins the item in hand, the page, the keys and the wire.

import { tellAnswer } from "./answers.js";
import { Clock } from "./clock.js";
import { Drafts } from "./drafts.js";
import { changeEntry, flagEntry, skipEntry, submitEntry } from "./entries.js";
import { fill } from "./fill.js";
import { Finished } from "./finished.js";
import { lendFocus } from "./focus.js";
import { reasonOf, showIdle } from "./idle.js";
import { forget, preload } from "./images.js";
import { bindKeys, showKeys } from "./input.js";
import { speakFor } from "./net.js";
import { Outbox } from "./outbox.js";
import { bindGuideline, showOrder, showSubmit, showTime } from "./order.js";
import { page } from "./page.js";
import { Panel } from "./panel.js";
import { showPace } from "./pace.js";
import { Prefetch } from "./prefetch.js";
import { Questions } from "./questions.js";
import { changeName, fetchRating } from "./reopening.js";
import { onResume } from "./resume.js";
import { Stage } from "./stage.js";
import * as state from "./state.js";
import { Status } from "./status.js";
import { openStore } from "./store.js";
import { Strip } from "./strip.js";
import { bindTools, makeViewer } from "./tools.js";

const data = JSON.parse(page.data.textContent);
const strings = JSON.parse(page.strings.textContent);

let item = null;
let isOpening = false; // an item was taken and is not in the workspace yet: no other may be taken meanwhile
const interrupted = []; // works put aside while an earlier one is changed

const status = new Status(page, strings, data.urls.sign_in);
const questions = new Questions(page, () => item);
const clock = new Clock({ onBreak: (minutes) => status.notice(fill(strings.break, { minutes })) });
const finished = new Finished(data.last);
speakFor(data.person);
const store = await openStore(data.person);
const outbox = new Outbox(store, { onReply, onChange: sent });
const drafts = new Drafts(store, { leasesUrl: data.urls.leases, onState: (now, error) => status.setDraft(now, error) });
const windows = new BroadcastChannel(`editjury-${data.person}`);
const prefetch = new Prefetch(data.urls, data.works, {
  onEnded: () => status.notice(strings.leaseOver, "warn", { stays: true }),
  isActive: () => clock.isActive,
  unsent: () => outbox.tokens,
  aside: () => interrupted.map((work) => work.token),
  skips: (token) => outbox.holds(token) || finished.holds(token),
});
const viewer = makeViewer({ strings, onAid: (aid) => update((now) => state.useAid(now, aid), { silent: true }) });
const stage = new Stage(page, viewer, strings, { fill, onMissing: () => status.notice(strings.noPicture, "bad") });
const panel = new Panel(page.rubric, strings, {
  onScore: (index, value, isPointer) => score(value, { index, advance: isPointer }),
  onCannot: (index) => cannotJudge(index),
  onMark: (index) => item && index !== item.dimension && update((now) => state.markDimension(now, index), { isView: true }),
});
const idle = (title, text) => showIdle(page, status, title, text, { canUndo: finished.isThere });
const strip = new Strip(page, strings, { onChoose: (position) => look((now) => state.moveTo(now, position)) });

const actions = {
  previous: () => look((now) => state.moveTo(now, now.at - 1)),
  next: () => look((now) => state.moveTo(now, now.at + 1)),
  "dimension-up": () => look((now) => state.markDimension(now, now.dimension - 1)),
  "dimension-down": () => look((now) => state.markDimension(now, now.dimension + 1)),
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
const isReady = (action) => item !== null || action === "undo" || action === "help";
bindKeys(data.keys, { levels: (value) => score(value), actions, viewer, isReady });
bindTools(viewer);
showKeys(data.keys, data.rubric);
bindGuideline(page, () => status.notice(strings.noGuideline, "bad"));
onResume(() => (item ? show() : goOn()));
for (const [button, act] of [
  [page.undo, undo], [page.submit, submit], [page.flagOpen, flag], [page.noteOpen, note], [page.skipOpen, skip],
  [page.helpOpen, actions.help], [page.idleRetry, goOn], [page.idleUndo, undo],
]) button.addEventListener("click", () => act());
windows.addEventListener("message", ({ data: said }) => onWindowMessage(said));
document.addEventListener("visibilitychange", keepTime);
setInterval(showLease, 15_000);

await outbox.load();
await start();

async function start() {
  const uuid = new URLSearchParams(location.search).get("change");
  await prefetch.revive();
  if (uuid && (await reopen(uuid))) return;
  await goOn();
}

/** Take the next item to the workspace; what is at hand is painted in the same turn. */
async function goOn() {
  if (isOpening) return;
  leave();
  delete page.workspace.dataset.token;
  const ready = interrupted.pop() ?? prefetch.nextAtHand();
  if (ready) {
    await begin(ready);
    prefetch.refill();
    return;
  }
  idle(strings.loading);
  const first = prefetch.nextArrival();
  const fetching = prefetch.refill();
  const problem = await Promise.race([first, fetching]);
  if (item || isOpening) return;
  const work = prefetch.nextAtHand();
  if (work) return begin(work);
  // What is on its way holds the last lease: `onReply` goes on, or `sent` says why not.
  const why = problem && problem.kind !== "refused" ? problem : outbox.problem;
  if (why?.kind === "signed-out") status.askToSignIn(why.message);
  if (why || outbox.waiting === 0) idle(...reasonOf(why ?? problem, strings));
}

/** Take the item out of the workspace, with all that was asked about it. */
function leave() {
  item = null;
  questions.drop();
  if (location.search) history.replaceState(null, "", location.pathname);
}

async function begin(work, changed = null) {
  prefetch.current = changed ? null : work.token;
  isOpening = true;
  const draft = changed ?? (await drafts.newest(work));
  isOpening = false;
  item = state.openItem(work, work.rubric, draft);
  clock.take();
  status.turn();
  page.idle.hidden = true;
  page.workspace.hidden = false;
  showOrder(page, work, data.urls);
  if (work.guideline !== data.guideline) status.notice(fill(strings.newGuideline, { number: work.guideline }), "warn");
  data.guideline = work.guideline;
  preload(work);
  page.rubric.scrollTop = 0;
  globalThis.scrollTo(0, 0); // on a tablet the submit lies below
  lendFocus(page.main);
  status.announce(work.instruction);
  showLease();
  await show();
  if (item?.work === work) page.workspace.dataset.token = work.token;
}

/** Change the item in hand and show it; a change worth keeping is saved at once. */
function update(work, { silent = false, isView = false } = {}) {
  if (!item) return;
  item = work(item);
  if (!isView) {
    item = { ...item, seconds: item.seconds + clock.take() };
    if (item.change) drafts.keepHere(changeName(item.change.uuid), state.draftOf(item));
    else drafts.keep(item.work.token, state.draftOf(item));
  }
  if (!silent) show();
}

/** Look at something else of the item. */
function look(work) {
  update(work, { isView: true });
  if (!item) return;
  status.announce(fill(strings.active, { letter: state.letterOf(item.at), dimension: item.rubric[item.dimension].name }));
}

async function show() {
  panel.show(item);
  strip.show(item);
  showSubmit(page, item, strings, data.keys);
  await stage.show(item);
}

function score(value, { index = item.dimension, advance = true } = {}) {
  const dimension = item.rubric[index];
  if (Number.isInteger(value) && !dimension.levels.some((level) => level.value === value)) return;
  const { at } = item;
  update((now) => state.setScore(state.markDimension(now, index), value, { advance }));
  const said = Number.isInteger(value) ? value : fill(strings.cannotJudge, { reason: strings[`reason.${value}`] });
  status.announce(fill(strings.scored, { letter: state.letterOf(at), dimension: dimension.name, score: said }));
  if (advance && state.countLeft(item) === 0) lendFocus(page.submit);
}

async function cannotJudge(index) {
  update((now) => state.markDimension(now, index), { isView: true });
  const reason = await questions.reason();
  if (reason) score(reason, { index });
}

function undo() {
  const before = item && state.undo(item);
  if (before) {
    update(() => before);
    return status.announce(strings.undone);
  }
  const last = isOpening || item?.change ? null : finished.take();
  if (!last) status.notice(strings.noUndo);
  else if (last.item) change(last.item.work, state.draftOf(last.item), { uuid: last.uuid, isUndo: true });
  else reopen(last.uuid, { isUndo: true });
}

/** Bring a submitted item back to the workspace; the one in hand waits. */
async function change(work, draft, how) {
  if (item) interrupted.push(state.setAside(item));
  leave();
  history.replaceState(null, "", `?change=${how.uuid}`); // a reload comes back to it
  await begin(work, { ...draft, change: how });
  status.notice(strings.reopened);
}

/** Open a submitted rating for a change; false if it is closed. */
async function reopen(uuid, { isUndo = false } = {}) {
  const { work, draft, refusal } = await fetchRating(uuid, { url: data.urls.ratings, drafts, strings });
  if (refusal) status.notice(refusal, "warn");
  else await change(work, draft, { uuid, isUndo });
  return !refusal;
}

function submit() {
  if (!item) return;
  const left = state.countLeft(item);
  if (left > 0) {
    status.notice(fill(strings.incomplete, { count: left }), "warn");
    return update((now) => state.moveToUnscored(now, now.at), { isView: true });
  }
  item = { ...item, seconds: item.seconds + clock.take() };
  const [done, uuid] = [item, crypto.randomUUID()];
  const entry = done.change ? changeEntry(done, uuid, data.urls) : submitEntry(done, uuid, data.urls);
  outbox.add(entry).then(() => drafts.forget(done.change ? changeName(done.change.uuid) : done.work.token));
  finished.add(done, uuid);
  if (!done.change) windows.postMessage({ submitted: done.work.token });
  goOn();
}

/** How the sending goes. */
function sent(now) {
  status.setOutbox(now);
  if (now.problem && !item && !isOpening) idle(...reasonOf(now.problem, strings));
}

/** What the server said to something from the outbox. */
function onReply(entry, answer, error) {
  if (answer?.go_to) return globalThis.location.assign(answer.go_to);
  if (error) finished.drop(entry.uuid);
  tellAnswer(status, strings, entry, answer, error);
  prefetch.drop(entry.token);
  if (item === null) goOn();
  else prefetch.refill();
  showPace(data.urls.session, strings);
  finished.old.forEach(forget);
}

/** Another window of the same person submitted something. */
function onWindowMessage({ submitted }) {
  prefetch.drop(submitted);
  if (item?.work.token !== submitted || item.change) return;
  status.notice(strings.otherWindow, "warn", { stays: true });
  drafts.forget(submitted);
  goOn();
}

async function flag() {
  const said = await questions.flag();
  if (said) outbox.add(flagEntry(item, said, data.urls)).then(() => status.notice(strings.flagged, "good"));
}

async function note() {
  const text = await questions.note();
  if (text === null) return;
  update((now) => ({ ...now, note: text, number: now.number + 1 }));
  status.announce(strings.noteKept);
}

async function skip() {
  if (!item || item.change) return;
  const reason = await questions.skip();
  if (!reason) return;
  const { work } = item;
  await outbox.add(skipEntry(item, reason, data.urls));
  drafts.forget(work.token);
  status.notice(strings.skipped);
  goOn();
}

function keepTime() {
  if (item && document.visibilityState === "hidden" && item.number > 0) update((now) => ({ ...now, number: now.number + 1 }), { silent: true });
}

function showLease() {
  showTime(page, item && !item.change ? prefetch.secondsLeft(item.work.token) : null, strings);
}
