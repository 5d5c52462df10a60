// What the modules ask of a browser beside the network and the store: a quiet page.

export const listeners = new Map();

const listen = (name, act) => listeners.set(name, act);

globalThis.addEventListener ??= listen;
globalThis.document ??= { cookie: "csrftoken=c%20d", addEventListener: listen, hidden: false };

/** Let `fetch` answer from a list: { status, json }, or an Error for a network that is away. */
export function answerWith(...answers) {
  const asked = [];
  globalThis.fetch = async (url, { method, body, headers }) => {
    asked.push({ method, url, body: body && JSON.parse(body), headers });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    const { status = 200, json = {} } = answer;
    return { ok: status < 400, status, statusText: "", json: async () => json };
  };
  return asked;
}

/** A store that keeps everything, as IndexedDB does; `isSick` makes its disk fail. */
export class KeepingStore {
  isLasting = true;
  isSick = false;
  tables = { drafts: new Map(), outbox: new Map() };

  async put(name, value) {
    this.#check();
    this.tables[name].set(value.uuid ?? value.token, structuredClone(value));
  }

  async get(name, key) {
    this.#check();
    return this.tables[name].get(key);
  }

  async all(name) {
    this.#check();
    return [...this.tables[name].values()];
  }

  async remove(name, key) {
    this.#check();
    this.tables[name].delete(key);
  }

  #check() {
    if (this.isSick) throw new Error("the disk is full");
  }
}
