// The page comes back to life: to the front, onto the network, out of the browser's memory.

/** Call `act` whenever it is worth trying again; a page brought back by "back" starts anew. */
export function onResume(act) {
  globalThis.addEventListener("online", act);
  document.addEventListener("visibilitychange", () => document.hidden || act());
  globalThis.addEventListener("pageshow", (event) => event.persisted && location.reload()); // what it shows is old
}
