// Fetching a submitted rating of one's own, to change it.

import { send } from "./net.js";

/** The name under which an unsaved change of a rating is kept in this browser. */
export const changeName = (uuid) => `change ${uuid}`;

/**
 * The work of a rating and what it says, with changes that were begun here and not saved; or, where
 * it cannot be changed now, { refusal }.
 */
export async function fetchRating(uuid, { url, drafts, strings }) {
  try {
    const { work, rating } = await send("GET", url + uuid);
    const { scores, aids, note, seconds } = rating;
    return { work, draft: (await drafts.here(changeName(uuid))) ?? { scores, aids, note, seconds } };
  } catch (error) {
    if (error.kind === undefined) throw error;
    if (error.kind !== "refused") return { refusal: strings.notNow };
    return { refusal: error.status === 409 ? error.message : strings.closed };
  }
}
