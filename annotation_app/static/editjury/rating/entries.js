// What goes into the outbox: requests with all they need to be sent later, even by another page.

import { judgementOf } from "./state.js";

/** A first submit of an item. */
export function submitEntry(item, uuid, urls) {
  const { token } = item.work;
  return entry(uuid, "submit", "POST", `${urls.leases}${token}/submit`, judgementOf(item, uuid), token);
}

/** A change of an item that was submitted before. */
export function changeEntry(item, uuid, urls) {
  const body = { ...judgementOf(item, uuid), undo: item.change.isUndo };
  return entry(uuid, "change", "PUT", urls.ratings + item.change.uuid, body, item.work.token);
}

/** A flag; it leaves the item in hand. */
export function flagEntry(item, said, urls) {
  const { token } = item.work;
  return entry(crypto.randomUUID(), "flag", "POST", `${urls.leases}${token}/flag`, said, `flag ${token}`);
}

/** Giving an item back. */
export function skipEntry(item, reason, urls) {
  const { token } = item.work;
  return entry(crypto.randomUUID(), "skip", "POST", `${urls.leases}${token}/skip`, { reason }, token);
}

function entry(uuid, kind, method, url, body, token) {
  return { uuid, kind, method, url, body, token, at: Date.now() };
}
