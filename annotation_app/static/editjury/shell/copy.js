// Buttons that copy: <button data-copy="ID" data-copied="Copied" hidden>. ID is of the element whose
// text is copied. Without this script they stay hidden, and the text can be selected by hand.

const SAID_FOR = 2000; // ms

function show(root) {
  for (const button of root.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
}

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain http, away from the loopback address, browsers offer only the older way.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const taken = document.execCommand("copy");
  area.remove();
  if (!taken) throw new Error("the browser does not copy");
  return undefined;
}

function select(element) {
  element.hidden = false;
  window.getSelection().selectAllChildren(element);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await write(source.textContent.trim());
  } catch {
    select(source); // one key is left to press
    return;
  }
  const label = button.textContent;
  if (label === button.dataset.copied) return;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = label; }, SAID_FOR);
});

document.addEventListener("htmx:load", (event) => show(event.target));
show(document);
