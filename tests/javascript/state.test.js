// The item in hand as plain data: every number here follows from the two keys that were pressed.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as state from "../../annotation_app/static/editjury/rating/state.js";

const RUBRIC = [
  { key: "if", weight: 0.6 },
  { key: "vq", weight: 0.4 },
];
const work = (count = 3) => ({ token: "t", candidates: Array.from({ length: count }, () => ({})) });
const fresh = (draft) => state.openItem(work(), RUBRIC, draft);
const scored = (item, values) => values.reduce((now, value) => state.setScore(now, value), item);

test("a fresh item begins at the first dimension of the first candidate", () => {
  const item = fresh();
  assert.deepEqual([item.at, item.dimension, item.number], [1, 0, 0]);
  assert.equal(state.countLeft(item), 6);
});

test("scores go from dimension to dimension, then to the next candidate that lacks one", () => {
  const item = scored(fresh(), [4, 3, 2]);
  assert.deepEqual(item.scores, { 1: { if: 4, vq: 3 }, 2: { if: 2 } });
  assert.deepEqual([item.at, item.dimension, item.number], [2, 1, 3]);
  assert.equal(state.countLeft(item), 3);
});

test("a correction marks the next dimension although it is scored, and touches no other candidate", () => {
  const item = state.markDimension(state.moveTo(scored(fresh(), [4, 3]), 1), 0);
  const corrected = state.setScore(item, 1);
  assert.deepEqual([corrected.at, corrected.dimension], [1, 1]);
  assert.deepEqual(corrected.scores, { 1: { if: 1, vq: 3 } });
});

test("a change of an item leaves the item before it as it was", () => {
  const before = scored(fresh(), [4]);
  const copy = structuredClone(before);
  state.setScore(before, 1);
  state.useAid(before, "swipe");
  state.undo(before);
  assert.deepEqual(before, copy);
});

test("undo takes back the last score and stands where it was given", () => {
  const item = scored(fresh(), [4, 3, 2]);
  const back = state.undo(item);
  assert.deepEqual(back.scores, { 1: { if: 4, vq: 3 }, 2: {} });
  assert.deepEqual([back.at, back.dimension, back.number], [2, 0, 4]); // the number rises all the same
  const corrected = state.setScore(state.markDimension(state.moveTo(item, 1), 0), 1);
  assert.equal(state.undo(corrected).scores[1].if, 4);
  assert.equal(state.undo(fresh()), null);
});

test("a draft brings back what was kept, and undo reaches 40 steps back over a reload", () => {
  let item = fresh();
  for (let press = 0; press < 45; press += 1) item = state.setScore(item, 1 + (press % 4), { advance: false });
  const again = fresh(state.draftOf(item));
  assert.deepEqual(again.scores, item.scores);
  assert.equal(again.number, 45);
  assert.equal(again.past.length, 40);
});

test("a draft is kept without the item's work, and a page that opens it starts where a score lacks", () => {
  const draft = state.draftOf(scored(fresh(), [4, 3, 2]));
  assert.deepEqual(Object.keys(draft), ["scores", "aids", "note", "seconds", "number", "past"]);
  assert.deepEqual([fresh(draft).at, fresh(draft).dimension], [2, 1]);
});

test("work that is put aside carries its draft in the API's names", () => {
  const aside = state.setAside(scored(fresh(), [4, 3]));
  assert.equal(aside.draft_number, 2);
  assert.deepEqual(aside.draft.scores, { 1: { if: 4, vq: 3 } });
});

test("moving stays within the candidates and marks what lacks a score", () => {
  const item = scored(fresh(), [4]);
  assert.deepEqual([state.moveTo(item, 0).at, state.moveTo(item, 0).dimension], [1, 1]);
  assert.equal(state.moveTo(item, 9).at, 3);
  assert.equal(state.markDimension(item, 9).dimension, 1);
  assert.equal(state.markDimension(item, -1).dimension, 0);
});

test("the ranking weighs the dimensions, keeps equals together and leaves the unjudged out", () => {
  // 0.6 × 4 + 0.4 × 1 = 2.8; 0.6 × 2 + 0.4 × 4 = 2.8; the third has a reason instead of a level
  const item = scored(fresh(), [4, 1, 2, 4, 3, "unsafe"]);
  assert.deepEqual(state.ranking(item), [[1, 2]]);
  const whole = scored(fresh(), [1, 1, 2, 2, 3, 3]);
  assert.deepEqual(state.ranking(whole), [[3], [2], [1]]);
});

test("a judgement names levels and reasons by position, its time to a tenth of a second", () => {
  const item = { ...scored(fresh(), [4, 3, 2, "unsafe", 1, 1]), seconds: 12.34, note: "a shadow" };
  const body = state.judgementOf(state.useAid(item, "swipe"), "u");
  assert.equal(body.client_uuid, "u");
  assert.equal(body.seconds, 12.3);
  assert.deepEqual(body.scores[0], { position: 1, dimension: "if", level: 4 });
  assert.deepEqual(body.scores[3], { position: 2, dimension: "vq", missing_reason: "unsafe" });
  assert.equal(body.scores.length, 6);
  assert.deepEqual(body.aids, { 3: { swipe: 1 } }); // the candidate in view
});

test("letters name positions as the page does, and numbers those beyond Z", () => {
  assert.deepEqual([1, 26, 27].map(state.letterOf), ["A", "Z", "27"]);
});
