// The page while no item is in the workspace: why, and what can be done about it.

/** Show a sentence in place of the workspace; `canUndo` offers to take back the last submit. */
export function showIdle(page, status, title, text = "", { canUndo = false } = {}) {
  page.workspace.hidden = true;
  page.idle.hidden = false;
  page.idleTitle.textContent = title;
  page.idleText.textContent = text;
  page.idleUndo.hidden = !canUndo;
  status.announce(`${title} ${text}`);
}

/** Why there is nothing to do, as title and text, in the server's words where it has some. */
export function reasonOf(problem, strings) {
  if (problem?.kind === "signed-out") return [problem.message || strings.signInAgain];
  if (problem?.kind === "offline") return [strings.offlineEmpty];
  if (problem?.kind === "server") return [strings.serverDown];
  return [problem?.message || strings.nothing, strings.nothingMore];
}
