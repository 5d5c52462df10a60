// Where two pictures of one size differ, and by how much.

const STRIP = 256; // rows read at a time: a huge picture is never held three times over

let last = null; // the map drawn last, so that releasing Space does not draw it again

/** A canvas of |a − b| × gain over the black of no change; both pictures have the same size. */
export function differenceOf(a, b, gain) {
  if (last?.a !== a || last.b !== b || last.gain !== gain) last = { a, b, gain, canvas: draw(a, b, gain) };
  return last.canvas;
}

/** Write |before − after| × gain per channel; alpha differences count as well. */
function amplify(before, after, gain, out) {
  for (let i = 0; i < out.length; i += 4) {
    const alpha = Math.abs(before[i + 3] - after[i + 3]);
    for (let channel = 0; channel < 3; channel += 1) {
      const gap = Math.max(Math.abs(before[i + channel] - after[i + channel]), alpha);
      out[i + channel] = Math.min(255, gap * gain);
    }
    out[i + 3] = 255;
  }
}

function draw(a, b, gain) {
  const { naturalWidth: width, naturalHeight: height } = a;
  const map = canvasOf(width, height);
  map.className = "work-map";
  const context = map.getContext("2d");
  const [readBefore, readAfter] = [a, b].map((image) => stripsOf(image, width, Math.min(STRIP, height)));
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    const out = context.createImageData(width, rows);
    amplify(readBefore(top, rows), readAfter(top, rows), gain, out.data);
    context.putImageData(out, 0, top);
  }
  return map;
}

/** A function that reads some rows of a picture. */
function stripsOf(image, width, height) {
  const context = canvasOf(width, height).getContext("2d", { willReadFrequently: true });
  return (top, rows) => {
    context.clearRect(0, 0, width, height);
    context.drawImage(image, 0, top, width, rows, 0, 0, width, rows);
    return context.getImageData(0, 0, width, rows).data;
  };
}

function canvasOf(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}
