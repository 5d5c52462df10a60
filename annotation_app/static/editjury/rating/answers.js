// What the page says when the server has answered something from the outbox.

import { fill } from "./fill.js";

/** Tell what became of an outbox entry: its answer, or the error that no retry would cure. */
export function tellAnswer(status, strings, entry, answer, error) {
  if (error) {
    const isTwice = error.details?.client_uuid !== undefined;
    status.notice(isTwice ? strings.otherWindow : fill(strings.refused, { message: error.message }), "warn", { stays: true });
  } else if (answer.status === "superseded") {
    status.notice(strings.superseded, "warn", { stays: true });
  } else {
    status.announce(entry.kind === "change" ? strings.changed : strings.stored);
  }
}
