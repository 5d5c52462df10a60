// Axes and named lines that several kinds share.

/** An axis of plain names. */
export function names(colours, more = {}) {
  return { type: "category", automargin: true, fixedrange: true, linecolor: colours.line, ...more };
}

/** An axis of numbers. */
export function numbers(colours, title, more = {}) {
  return {
    title: { text: title, font: { color: colours["text-2"] } },
    gridcolor: colours.line,
    zerolinecolor: colours["line-strong"],
    automargin: true,
    fixedrange: true,
    ...more,
  };
}

/** Lines at the marks' values across the other axis, each with its name at the end. */
export function thresholds(marks, colours, { upright }) {
  const [across, along] = upright ? ["y", "x"] : ["x", "y"];
  const own = marks.filter((mark) => mark.value !== undefined);
  const line = { color: colours.warn, width: 1, dash: "dot" };
  return {
    shapes: own.map((mark) => ({
      type: "line", line, layer: "below",
      [`${along}ref`]: along, [`${along}0`]: mark.value, [`${along}1`]: mark.value,
      [`${across}ref`]: "paper", [`${across}0`]: 0, [`${across}1`]: 1,
    })),
    annotations: own.map((mark) => ({
      text: mark.label, showarrow: false, font: { size: 11, color: colours["text-2"] },
      [`${along}ref`]: along, [along]: mark.value,
      [`${across}ref`]: "paper", [across]: 1,
      ...(upright ? { yanchor: "bottom" } : { xanchor: "right", yanchor: "bottom" }),
    })),
  };
}

/** Distances from values to their bounds; nothing where there is no bound. */
export function whiskers(rows, low, high) {
  const away = (bound, value) => (bound === null || value === null ? 0 : Math.abs(bound - value));
  return {
    type: "data", symmetric: false,
    array: rows.map((row) => away(row[high], row.alpha)),
    arrayminus: rows.map((row) => away(row[low], row.alpha)),
  };
}
