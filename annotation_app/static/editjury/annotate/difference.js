// Where two pictures of one size differ, and by how much.

/** A canvas of |a − b| × gain over the grey of no change; both pictures have the same size. */
export function drawDifference(a, b, gain) {
  const width = a.naturalWidth;
  const height = a.naturalHeight;
  const before = pixelsOf(a, width, height);
  const after = pixelsOf(b, width, height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.className = "work-map";
  const context = canvas.getContext("2d");
  const map = context.createImageData(width, height);
  amplify(before.data, after.data, gain, map.data);
  context.putImageData(map, 0, 0);
  return canvas;
}

/** Write |before − after| × gain per channel; alpha differences count as well. */
export function amplify(before, after, gain, out) {
  for (let i = 0; i < out.length; i += 4) {
    const alpha = Math.abs(before[i + 3] - after[i + 3]);
    for (let channel = 0; channel < 3; channel += 1) {
      const gap = Math.max(Math.abs(before[i + channel] - after[i + channel]), alpha);
      out[i + channel] = Math.min(255, gap * gain);
    }
    out[i + 3] = 255;
  }
}

function pixelsOf(image, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}
