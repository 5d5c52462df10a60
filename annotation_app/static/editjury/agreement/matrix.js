// A square of shares or counts, darker where more.

import { names } from "./axes.js";
import { between } from "./theme.js";

const CELL = 34;
const FRAME = 120;
const LEAST = 300;
const WRITTEN = 14;
// Up to here the page's text colour stays readable on the cell, in every theme.
const DARKEST = 0.45;

/** Rows against columns in the order of their first occurrence. */
export function matrix(chart, colours) {
  const rows = [...new Set(chart.rows.map((row) => row.row))];
  const columns = [...new Set(chart.rows.map((row) => row.column))];
  const found = new Map(chart.rows.map((row) => [`${row.row}\n${row.column}`, row.share]));
  const z = rows.map((row) => columns.map((column) => found.get(`${row}\n${column}`) ?? null));
  const most = Math.max(...z.flat().filter((value) => value !== null), 0);
  const isShare = chart.key !== "overlap" && most <= 1;
  const written = z.map((line) => line.map((value) => words(value, isShare)));
  return {
    data: [{
      type: "heatmap", x: columns, y: rows, z, text: written, showscale: false, xgap: 2, ygap: 2, zmin: 0, zmax: most || 1,
      colorscale: [[0, between(colours["surface-2"], colours.accent, 0.04)], [1, between(colours["surface-2"], colours.accent, DARKEST)]],
      textfont: { color: colours.text }, texttemplate: rows.length <= WRITTEN ? "%{text}" : "",
      hovertemplate: "%{y} → %{x}: %{text}<extra></extra>",
    }],
    layout: {
      margin: { l: 20, r: 20, t: 12, b: 40 }, height: Math.max(LEAST, FRAME + CELL * rows.length),
      xaxis: names(colours, { title: { text: chart.columns[1].label, font: { color: colours["text-2"] } }, side: "bottom" }),
      yaxis: names(colours, { title: { text: chart.columns[0].label, font: { color: colours["text-2"] } }, autorange: "reversed" }),
    },
  };
}

function words(value, isShare) {
  if (value === null) return "";
  return isShare ? `${Math.round(100 * value)} %` : `${value}`;
}
