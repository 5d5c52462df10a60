// The viewer's buttons and sliders.

import { Viewer } from "./viewer.js";

const byId = (id) => document.getElementById(id);

export function makeViewer({ strings, onAid }) {
  const word = byId("viewer-word");
  return new Viewer(
    {
      sourceFrame: byId("pane-source"),
      candidateFrame: byId("pane-candidate"),
      sourceStage: byId("pane-source").querySelector(".work-stage"),
      candidateStage: byId("pane-candidate").querySelector(".work-stage"),
      swipeLine: byId("swipe-line"),
    },
    {
      onAid,
      onView: ({ zoom, mode, isHeld }) => {
        byId("zoom").textContent = `${Math.round(zoom * 100)} %`;
        byId("tool-source").setAttribute("aria-pressed", String(isHeld));
        byId("tool-swipe").setAttribute("aria-pressed", String(mode === "swipe"));
        byId("tool-difference").setAttribute("aria-pressed", String(mode === "difference"));
        byId("swipe-field").hidden = mode !== "swipe";
        byId("gain-field").hidden = mode !== "difference";
      },
      onWord: (isShown, sizes) => {
        word.hidden = !isShown;
        const [a, b] = sizes.map(({ width, height }) => `${width} × ${height}`);
        word.textContent = isShown ? strings.sizes.replace("{a}", a).replace("{b}", b) : "";
      },
    },
  );
}

export function bindTools(viewer) {
  const source = byId("tool-source");
  source.addEventListener("pointerdown", (event) => {
    source.setPointerCapture(event.pointerId);
    viewer.hold(true);
  });
  for (const name of ["pointerup", "pointercancel"]) source.addEventListener(name, () => viewer.hold(false));
  // By keyboard or a screen reader's click it stays until the next one.
  source.addEventListener("click", (event) => event.detail === 0 && viewer.hold(!viewer.isHeld));
  byId("tool-swipe").addEventListener("click", () => viewer.setMode("swipe"));
  byId("tool-difference").addEventListener("click", () => viewer.setMode("difference"));
  byId("tool-pixels").addEventListener("click", () => viewer.pixels());
  byId("tool-fit").addEventListener("click", () => viewer.fit());
  byId("tool-in").addEventListener("click", () => viewer.zoomBy(1.25));
  byId("tool-out").addEventListener("click", () => viewer.zoomBy(0.8));
  byId("swipe-at").addEventListener("input", (event) => viewer.setSwipe(event.target.value / 100));
  byId("gain").addEventListener("input", (event) => {
    byId("gain-out").textContent = `×${event.target.value}`;
    viewer.setGain(Number(event.target.value));
  });
}
