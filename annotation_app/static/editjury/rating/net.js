// Requests to the site, and why they failed.

const PATIENCE = 20_000; // ms
const KEPT_ALIVE = 15_000; // letters of a body; browsers refuse larger ones that outlive the page

let speaker = "";

/** Say in every request whose page this is: the server takes nothing of it for anybody else. */
export function speakFor(person) {
  speaker = person;
}

/** A request that did not succeed. kind: offline | signed-out | refused | server. */
export class NetError extends Error {
  constructor(kind, message, { status = 0, details = {} } = {}) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.details = details;
  }
}

/** Send JSON and return the answer's JSON; throws NetError. */
export async function send(method, url, body, { keepalive = false } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(url, {
      method,
      credentials: "same-origin",
      redirect: "error",
      keepalive: keepalive && (text?.length ?? 0) < KEPT_ALIVE,
      signal: AbortSignal.timeout(PATIENCE),
      headers: headers(),
      body: text,
    });
  } catch (error) {
    throw new NetError("offline", String(error));
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const kind = kindOf(answer.status, said);
  // Of being signed out the site's own sentence tells more than the server's, unless it has one.
  const message = kind === "signed-out" ? said.message : (said.message ?? said.detail ?? answer.statusText);
  throw new NetError(kind, message, { status: answer.status, details: said.details ?? said });
}

function headers() {
  return {
    "Content-Type": "application/json",
    Accept: "application/json",
    "X-CSRFToken": csrfToken(),
    ...(speaker && { "X-Person": speaker }),
  };
}

function kindOf(status, said) {
  const isSignedOut = status === 401 || (status === 403 && said.message === undefined);
  if (isSignedOut) return "signed-out";
  return status >= 500 || status === 429 || status === 408 ? "server" : "refused";
}

function csrfToken() {
  const found = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return found ? decodeURIComponent(found[1]) : "";
}
