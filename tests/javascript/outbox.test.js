// Work on its way: in order, once, and kept until the server has said what became of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";

import { answerWith, KeepingStore, listeners } from "./page.js";
import { Outbox } from "../../annotation_app/static/editjury/rating/outbox.js";

const OFFLINE = new TypeError("Failed to fetch");
const STUMBLES = { status: 500, json: { message: "Something went wrong on our side." } };
const REFUSED = { status: 409, json: { message: "Too late.", details: { client_uuid: "x" } } };

let store;
let replies;
let states;

beforeEach(() => {
  store = new KeepingStore();
  replies = [];
  states = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const entry = (uuid, token, at = 1, kind = "submit") => ({
  uuid, kind, method: "POST", url: `/api/v1/work/leases/${token}/${kind}`, body: { uuid }, token, at,
});

async function opened() {
  const outbox = new Outbox(store, {
    onReply: (sent, answer, error) => replies.push([sent.uuid, answer, error?.kind ?? null]),
    onChange: (state) => states.push(state),
  });
  await outbox.load();
  await settled();
  return outbox;
}

/** Everything that waits for nothing but the turn of the loop. */
async function settled() {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

test("an entry is on disk before it is sent, and gone once it is answered", async () => {
  const outbox = await opened();
  const kept = [];
  const asked = answerWith({ json: { status: "active" } });
  const send = globalThis.fetch;
  globalThis.fetch = (...what) => {
    kept.push(store.tables.outbox.size);
    return send(...what);
  };
  await outbox.add(entry("a", "t1"));
  await settled();
  assert.deepEqual(kept, [1]);
  assert.deepEqual(asked[0].body, { uuid: "a" });
  assert.equal(asked[0].headers["X-CSRFToken"], "c d");
  assert.deepEqual(replies, [["a", { status: "active" }, null]]);
  assert.equal(store.tables.outbox.size, 0);
  assert.deepEqual(states.at(-1), { waiting: 0, isKept: true, problem: null });
});

test("what an earlier page left behind is sent in the order in which it was made", async () => {
  for (const one of [entry("b", "t2", 20), entry("a", "t1", 10)]) await store.put("outbox", one);
  const asked = answerWith({});
  await opened();
  assert.deepEqual(asked.map(({ body }) => body.uuid), ["a", "b"]);
});

test("entries stored by the version before go out with the addresses and bodies that they have", async () => {
  const file = new URL("../data/browser/stored_before_v1.json", import.meta.url);
  const { outbox: stored } = JSON.parse(await readFile(file));
  for (const one of stored) await store.put("outbox", one);
  const asked = answerWith({});
  await opened();
  assert.deepEqual(
    asked.map(({ method, url, body }) => [method, url, body]),
    stored.map(({ method, url, body }) => [method, url, body]),
  );
});

test("a clock that was set back does not bring a change before its submit", async () => {
  answerWith(OFFLINE);
  const outbox = await opened();
  await outbox.add(entry("submit", "t1", 5000));
  await outbox.add(entry("change", "t1", 1000, "change"));
  const dates = (await store.all("outbox")).map(({ at }) => at);
  assert.deepEqual(dates, [5000, 5001]);
});

test("without a network everything waits, and goes out when the network is back", async () => {
  answerWith(OFFLINE);
  const outbox = await opened();
  await outbox.add(entry("a", "t1"));
  await settled();
  assert.equal(outbox.problem.kind, "offline");
  assert.deepEqual([outbox.waiting, replies.length, store.tables.outbox.size], [1, 0, 1]);
  answerWith({});
  await outbox.flush();
  assert.deepEqual([outbox.waiting, outbox.problem], [0, null]);
});

test("it is tried again after one second, then two, then four", async () => {
  const asked = answerWith(OFFLINE);
  const outbox = await opened();
  await outbox.add(entry("a", "t1"));
  await settled();
  for (const [wait, tries] of [[999, 1], [1, 2], [1999, 2], [1, 3], [3999, 3], [1, 4]]) {
    mock.timers.tick(wait);
    await settled();
    assert.equal(asked.length, tries, `after ${wait} ms more`);
  }
});

test("an answer that the server stumbles over holds back its own item alone", async () => {
  const asked = answerWith(STUMBLES, {});
  for (const one of [entry("a", "t1", 1), entry("b", "t1", 2), entry("c", "t2", 3)]) await store.put("outbox", one);
  const outbox = await opened();
  assert.deepEqual(asked.map(({ body }) => body.uuid), ["a", "c"]); // b waits for a
  assert.deepEqual(outbox.tokens, ["t1", "t1"]);
});

test("a refusal is told and never sent again", async () => {
  const asked = answerWith(REFUSED);
  const outbox = await opened();
  await outbox.add(entry("a", "t1"));
  await settled();
  assert.deepEqual(replies, [["a", null, "refused"]]);
  assert.deepEqual([outbox.waiting, asked.length, store.tables.outbox.size], [0, 1, 0]);
});

test("whoever is signed out keeps everything", async () => {
  answerWith({ status: 401, json: { detail: "Authentication credentials were not provided." } });
  const outbox = await opened();
  await outbox.add(entry("a", "t1"));
  await settled();
  assert.equal(outbox.problem.kind, "signed-out");
  assert.equal(store.tables.outbox.size, 1);
});

test("a sick disk stops nothing, and leaving the page is questioned while something waits", async () => {
  store.isSick = true;
  answerWith(OFFLINE);
  const outbox = await opened();
  await outbox.add(entry("a", "t1"));
  await settled();
  assert.equal(states.at(-1).isKept, false);
  const leaving = { preventDefault: mock.fn() };
  listeners.get("beforeunload")(leaving);
  assert.equal(leaving.preventDefault.mock.callCount(), 1);
  answerWith({});
  await outbox.flush();
  assert.equal(outbox.waiting, 0);
  listeners.get("beforeunload")(leaving);
  assert.equal(leaving.preventDefault.mock.callCount(), 1);
});

test("a flag holds no lease; all else on its way does", async () => {
  answerWith(OFFLINE);
  const outbox = await opened();
  await outbox.add(entry("a", "t1"));
  await outbox.add(entry("f", "flag t2", 2, "flag"));
  assert.deepEqual(outbox.tokens, ["t1"]);
  assert.equal(outbox.holds("flag t2"), true);
  assert.equal(outbox.holds("t2"), false);
});
