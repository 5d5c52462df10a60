// Shares of levels side by side, one bar per name.

import { names, numbers } from "./axes.js";
import { between, readable } from "./theme.js";

const ROW = 36;
const FRAME = 130;
const LEAST_WRITTEN = 0.06;

/** One trace per level, from the lowest to the highest. */
export function stack(chart, colours) {
  const levels = [...new Set(chart.rows.map((row) => row.level))];
  const shade = (place) => between(colours["surface-2"], colours.accent, (place + 0.6) / levels.length);
  const data = levels.map((level, place) => {
    const rows = chart.rows.filter((row) => row.level === level);
    return {
      type: "bar", orientation: "h", name: `${level}`,
      y: rows.map((row) => row.label), x: rows.map((row) => row.share),
      text: rows.map((row) => (row.share < LEAST_WRITTEN ? "" : `${Math.round(100 * row.share)} %`)),
      insidetextfont: { color: readable(shade(place), [colours.text, colours.surface]) }, textposition: "inside", insidetextanchor: "middle", textangle: 0,
      marker: { color: shade(place), line: { color: colours.surface, width: 1 } },
      hovertemplate: `%{y}, ${level}: %{x:.1%}<extra></extra>`,
    };
  });
  const count = new Set(chart.rows.map((row) => row.label)).size;
  return {
    data,
    layout: {
      height: FRAME + ROW * count, barmode: "stack", showlegend: true,
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", traceorder: "normal", itemclick: false, itemdoubleclick: false },
      xaxis: numbers(colours, chart.axis, { tickformat: ".0%", range: [0, 1] }),
      yaxis: names(colours, { autorange: "reversed", ticksuffix: "  " }),
    },
  };
}
