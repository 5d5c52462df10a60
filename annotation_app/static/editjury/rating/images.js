// Pictures, fetched and decoded before they are shown, so that nothing blinks or jumps.

const kept = new Map();

/** The decoded picture of an address. Rejects if it cannot be shown. */
export function picture(url) {
  if (!kept.has(url)) {
    const image = new Image();
    image.decoding = "async";
    image.draggable = false;
    image.alt = "";
    image.src = url;
    const ready = image.decode().then(() => image);
    ready.catch(() => kept.delete(url));
    kept.set(url, ready);
  }
  return kept.get(url);
}

/** Every address of an item's pictures, the source first. */
function addressesOf(work) {
  return [work.source.url, ...work.candidates.map((candidate) => candidate.url)];
}

/** Fetch and decode an item's pictures; resolves when all are there or failed. */
export function preload(work) {
  return Promise.allSettled(addressesOf(work).map(picture));
}

/** Let go of the pictures of a finished item. */
export function forget(work) {
  for (const url of addressesOf(work)) kept.delete(url);
}
