// Named values with one or two intervals each, one below the other.

import { names, numbers, thresholds, whiskers } from "./axes.js";

const ROW = 34;
const FRAME = 110;

/** Dots with a strong interval, and a thin wider one where the rows have it. */
export function intervals(chart, colours) {
  const rows = chart.rows;
  const shared = {
    type: "scatter", mode: "markers", y: rows.map((row) => row.label), x: rows.map((row) => row.alpha),
    customdata: rows.map((_, place) => place),
  };
  const wide = {
    ...shared, hoverinfo: "skip", marker: { size: 1, color: colours["line-strong"] },
    error_x: { ...whiskers(rows, "low_annotators", "high_annotators"), color: colours["line-strong"], thickness: 1, width: 5 },
  };
  const narrow = {
    ...shared, marker: { size: 10, color: colours.accent },
    error_x: { ...whiskers(rows, "low", "high"), color: colours.accent, thickness: 4, width: 0 },
    text: rows.map(words), hovertemplate: "%{y}: %{text}<extra></extra>",
  };
  const gates = rows.filter((row) => row.gate !== undefined && row.gate !== null);
  const gate = {
    type: "scatter", mode: "markers", hovertemplate: `%{y}, ${name(chart, "gate")}: %{x:.2f}<extra></extra>`,
    y: gates.map((row) => row.label), x: gates.map((row) => row.gate),
    marker: { symbol: "line-ns", size: 22, line: { color: colours.bad, width: 3 } },
  };
  const has = rows.some((row) => row.low_annotators !== undefined && row.low_annotators !== null);
  const lines = thresholds(chart.marks, colours, { upright: true });
  return {
    data: [...(has ? [wide] : []), narrow, ...(gates.length ? [gate] : [])],
    layout: {
      height: FRAME + ROW * rows.length,
      xaxis: numbers(colours, chart.axis),
      yaxis: names(colours, { autorange: "reversed", ticksuffix: "  " }),
      ...lines,
    },
  };
}

function name(chart, key) {
  return chart.columns.find((column) => column.key === key)?.label ?? key;
}

function words(row) {
  if (row.alpha === null) return "–";
  const bounds = row.low === null ? "" : ` (${row.low.toFixed(3)} – ${row.high.toFixed(3)})`;
  return `${row.alpha.toFixed(3)}${bounds}`;
}
