// The item in hand as plain data, and every change of it as a pure function. No page, no network.
//
// scores: { position: { dimension: level | reason } }; levels are numbers, reasons are texts.

const KEPT_STEPS = 40; // of a draft's past, so that undo reaches over a reload

/** Begin or take up an item. `draft` is what an earlier page of the same item kept. */
export function openItem(work, rubric, draft = null) {
  const kept = draft ?? {};
  const item = {
    work,
    rubric,
    scores: structuredClone(kept.scores ?? {}),
    aids: structuredClone(kept.aids ?? {}),
    note: kept.note ?? "",
    seconds: kept.seconds ?? 0,
    number: kept.number ?? 0,
    at: 1,
    dimension: 0,
    past: [...(kept.past ?? [])],
    change: kept.change ?? null,
  };
  return moveToUnscored(item, 1) ?? item;
}

/** What is worth keeping of an item. */
export function draftOf(item) {
  const { scores, aids, note, seconds, number, past } = item;
  return { scores, aids, note, seconds, number, past: past.slice(-KEPT_STEPS) };
}

/** The item's work with what was done of it, to be put aside. */
export function setAside(item) {
  return { ...item.work, draft: draftOf(item), draft_number: item.number };
}

export function scoreAt(item, position = item.at, dimension = item.dimension) {
  return item.scores[position]?.[item.rubric[dimension].key];
}

/**
 * Score the marked dimension, then mark the next one, then the next unscored candidate. The next
 * dimension is marked although it is scored: two keys correct a candidate and touch no other.
 */
export function setScore(item, value, { advance = true } = {}) {
  const key = item.rubric[item.dimension].key;
  const before = scoreAt(item);
  const scores = { ...item.scores, [item.at]: { ...item.scores[item.at], [key]: value } };
  const step = { at: item.at, dimension: item.dimension, key, before };
  const next = { ...item, scores, past: [...item.past, step], number: item.number + 1 };
  return advance ? advanced(next) : next;
}

function advanced(item) {
  if (item.dimension + 1 < item.rubric.length) return { ...item, dimension: item.dimension + 1 };
  return moveToUnscored(item, item.at) ?? item;
}

/** The item with its first unscored place from a candidate on marked, or null if none is left. */
export function moveToUnscored(item, from) {
  const count = item.work.candidates.length;
  for (let step = 0; step < count; step += 1) {
    const position = ((from - 1 + step) % count) + 1;
    const dimension = item.rubric.findIndex((_, index) => scoreAt(item, position, index) === undefined);
    if (dimension >= 0) return { ...item, at: position, dimension };
  }
  return null;
}

export function moveTo(item, position) {
  const at = Math.min(Math.max(position, 1), item.work.candidates.length);
  const open = item.rubric.findIndex((_, index) => scoreAt(item, at, index) === undefined);
  return { ...item, at, dimension: Math.max(open, 0) };
}

export function markDimension(item, index) {
  return { ...item, dimension: Math.min(Math.max(index, 0), item.rubric.length - 1) };
}

/** Take back the last score of this item; null if there is none. */
export function undo(item) {
  const step = item.past.at(-1);
  if (!step) return null;
  const given = { ...item.scores[step.at] };
  if (step.before === undefined) delete given[step.key];
  else given[step.key] = step.before;
  return {
    ...item,
    scores: { ...item.scores, [step.at]: given },
    at: step.at,
    dimension: step.dimension,
    past: item.past.slice(0, -1),
    number: item.number + 1,
  };
}

export function countLeft(item) {
  let left = 0;
  for (let position = 1; position <= item.work.candidates.length; position += 1) {
    item.rubric.forEach((_, index) => {
      if (scoreAt(item, position, index) === undefined) left += 1;
    });
  }
  return left;
}

/** Count the use of an inspection aid on the candidate in view. */
export function useAid(item, aid) {
  const used = { ...item.aids[item.at] };
  used[aid] = (used[aid] ?? 0) + 1;
  return { ...item, aids: { ...item.aids, [item.at]: used }, number: item.number + 1 };
}

/** Candidates that are scored on every dimension, best first, equals together. */
export function ranking(item) {
  const totals = new Map();
  for (let position = 1; position <= item.work.candidates.length; position += 1) {
    const levels = item.rubric.map((dimension) => item.scores[position]?.[dimension.key]);
    if (!levels.every(Number.isInteger)) continue;
    const total = levels.reduce((sum, level, index) => sum + level * item.rubric[index].weight, 0);
    totals.set(total, [...(totals.get(total) ?? []), position]);
  }
  return [...totals.entries()].sort(([a], [b]) => b - a).map(([, positions]) => positions);
}

/** The body of a submit: everything by position on screen. */
export function judgementOf(item, clientUuid) {
  const scores = [];
  for (let position = 1; position <= item.work.candidates.length; position += 1) {
    for (const { key } of item.rubric) {
      const value = item.scores[position][key];
      const said = Number.isInteger(value) ? { level: value } : { missing_reason: value };
      scores.push({ position, dimension: key, ...said });
    }
  }
  const seconds = Math.round(item.seconds * 10) / 10;
  return { client_uuid: clientUuid, scores, seconds, aids: item.aids, note: item.note };
}

/** The name on screen of a position: A, B, … Z, then 27. */
export function letterOf(position) {
  return position <= 26 ? String.fromCharCode(64 + position) : String(position);
}
