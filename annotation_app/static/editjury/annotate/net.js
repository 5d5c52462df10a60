// Requests to the site, and why they failed.

const PATIENCE = 20_000; // ms

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
  let answer;
  try {
    answer = await fetch(url, {
      method,
      credentials: "same-origin",
      redirect: "error",
      keepalive,
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw new NetError("offline", String(error));
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const message = said.message ?? said.detail ?? answer.statusText;
  const kind = kindOf(answer.status, said);
  throw new NetError(kind, message, { status: answer.status, details: said.details ?? said });
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
