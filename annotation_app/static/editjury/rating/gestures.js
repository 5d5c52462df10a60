// Wheel, drag and pinch on a frame, as pans and zooms.

const WHEEL_STEP = 0.0016;

/** Call `pan(dx, dy)`, `zoom(factor, x, y)` and `swipe(share)` as the pointers ask. */
export function followPointers(frame, { pan, zoom, swipe }) {
  const pointers = new Map();

  frame.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = placeIn(frame, event);
      zoom(Math.exp(-event.deltaY * WHEEL_STEP * (event.deltaMode === 1 ? 16 : 1)), x, y);
    },
    { passive: false },
  );

  frame.addEventListener("pointerdown", (event) => {
    frame.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    frame.addEventListener(name, (event) => pointers.delete(event.pointerId));
  }
  frame.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") swipe(placeIn(frame, event).x / frame.clientWidth);
      return;
    }
    if (pointers.size === 1) {
      const isSwiping = swipe(placeIn(frame, event).x / frame.clientWidth) !== false;
      if (!isSwiping) pan(event.clientX - before.clientX, event.clientY - before.clientY);
    } else {
      pinch(frame, pointers, event, zoom);
    }
    pointers.set(event.pointerId, event);
  });
}

function pinch(frame, pointers, event, zoom) {
  const [other] = [...pointers.values()].filter((one) => one.pointerId !== event.pointerId);
  const before = pointers.get(event.pointerId);
  const was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
  const is = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
  if (was < 1) return;
  const box = frame.getBoundingClientRect();
  const x = (event.clientX + other.clientX) / 2 - box.left;
  const y = (event.clientY + other.clientY) / 2 - box.top;
  zoom(is / was, x, y);
}

function placeIn(frame, event) {
  const box = frame.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
