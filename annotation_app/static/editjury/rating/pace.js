// The session panel: how many today, how long an item takes, how far the campaign is.

import { send } from "./net.js";
import { page } from "./page.js";

export async function showPace(url, strings) {
  let session;
  try {
    session = await send("GET", url);
  } catch {
    return; // the old figures stay until the network is back
  }
  const { done_today: done, target, median_seconds: seconds } = session;
  page.today.textContent = strings.today.replace("{done}", done).replace("{target}", target);
  page.todayBar.max = target;
  page.todayBar.value = Math.min(done, target);
  page.median.textContent = seconds === null ? "" : strings.median.replace("{seconds}", seconds);
  page.goal.textContent = strings.goal.replace("{percent}", session.campaign_percent);
}
