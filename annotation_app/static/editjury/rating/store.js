// What this browser keeps until the server has it: drafts and unsent work, in IndexedDB.

const VERSION = 1;
const PATIENCE = 5000; // ms; a browser whose disk does not answer must not stop the work

/** The store of one person, shared by all their windows; in memory where the browser keeps none. */
export async function openStore(person) {
  const late = new Promise((resolve) => {
    setTimeout(() => resolve(new MemoryStore()), PATIENCE);
  });
  return Promise.race([openDatabase(person), late]).catch(() => new MemoryStore());
}

function openDatabase(person) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`editjury-${person}`, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "token" });
      request.result.createObjectStore("outbox", { keyPath: "uuid" });
    };
    request.onsuccess = () => resolve(new Store(request.result));
    request.onerror = () => reject(request.error);
  });
}

/** The same store for a browser that keeps nothing: it lasts as long as the page. */
class MemoryStore {
  isLasting = false;
  #tables = { drafts: new Map(), outbox: new Map() };

  async put(name, value) {
    this.#tables[name].set(name === "drafts" ? value.token : value.uuid, value);
  }

  async get(name, key) {
    return this.#tables[name].get(key);
  }

  async all(name) {
    return [...this.#tables[name].values()];
  }

  async remove(name, key) {
    this.#tables[name].delete(key);
  }
}

class Store {
  isLasting = true;

  constructor(database) {
    this.database = database;
  }

  put(name, value) {
    return this.#run(name, "readwrite", (table) => table.put(value));
  }

  get(name, key) {
    return this.#run(name, "readonly", (table) => table.get(key));
  }

  all(name) {
    return this.#run(name, "readonly", (table) => table.getAll());
  }

  remove(name, key) {
    return this.#run(name, "readwrite", (table) => table.delete(key));
  }

  /** Resolves when the change has reached the disk, so that a crash cannot take it back. */
  #run(name, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, mode, { durability: "strict" });
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
