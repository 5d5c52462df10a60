// Values along a line: periods in order, or annotators by how many items they stand on.

import { names, numbers, thresholds, whiskers } from "./axes.js";

const HEIGHT = 340;

/** α by period with its interval; changes as upright lines. */
export function series(chart, colours) {
  const rows = chart.rows;
  const lines = thresholds(chart.marks, colours, { upright: false });
  const changes = chart.marks.filter((mark) => mark.period !== undefined);
  const labels = rows.map((row) => row.label);
  const x = rows.map((_, place) => place);
  const step = Math.max(1, Math.ceil(x.length / 12));
  const ticks = x.filter((place) => place % step === 0);
  return {
    data: [{
      type: "scatter", mode: "lines+markers", x, y: rows.map((row) => row.alpha), connectgaps: false,
      customdata: x, text: labels,
      line: { color: colours.accent, width: 2 }, marker: { size: 8, color: colours.accent },
      error_y: { ...whiskers(rows, "low", "high"), color: colours.accent, thickness: 1.5, width: 4 },
      hovertemplate: "%{text}: %{y:.3f}<extra></extra>",
    }],
    layout: {
      height: HEIGHT,
      xaxis: names(colours, { type: "linear", tickvals: ticks, ticktext: ticks.map((place) => labels[place]), showgrid: false, zeroline: false }),
      yaxis: numbers(colours, chart.axis),
      shapes: [...lines.shapes, ...changes.map((mark) => upright(labels.indexOf(mark.period), colours))],
      annotations: [...lines.annotations, ...changes.map((mark) => ({
        x: labels.indexOf(mark.period) - 0.5, y: 1, yref: "paper", yanchor: "bottom", showarrow: false,
        text: mark.label, font: { size: 11, color: colours.bad },
      }))],
    },
  };
}

/** A change lies before the first period that is another. */
function upright(place, colours) {
  const x = place - 0.5;
  return { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: colours.bad, width: 2, dash: "dash" } };
}

/** Annotators as dots with intervals between the limits that honest ones rarely leave. */
export function funnel(chart, colours) {
  const rows = chart.rows.filter((row) => row.alpha !== null);
  const place = (row) => chart.rows.indexOf(row);
  const dots = {
    type: "scatter", mode: "markers+text",
    x: rows.map((row) => row.n_items), y: rows.map((row) => row.alpha),
    hovertext: rows.map((row) => row.label), text: rows.map((row) => (row.signals ? row.label : "")), textposition: "middle right", textfont: { size: 11 },
    customdata: rows.map(place),
    marker: { size: 9, color: rows.map((row) => (row.signals ? colours.bad : colours.accent)) },
    error_y: { ...whiskers(rows, "low", "high"), color: colours["line-strong"], thickness: 1, width: 3 },
    hovertemplate: "%{hovertext}: %{y:.3f}<extra></extra>",
  };
  return {
    data: [...curves(chart.curves, colours), dots],
    layout: {
      height: 400,
      xaxis: numbers(colours, chart.columns.find((one) => one.key === "n_items").label, { showgrid: false }),
      yaxis: numbers(colours, chart.axis),
      ...thresholds(chart.marks, colours, { upright: false }),
    },
  };
}

function curves(bounds, colours) {
  return Object.entries(bounds).filter(([key]) => key !== "n_items").map(([key, values]) => ({
    type: "scatter", mode: "lines", x: bounds.n_items, y: values, hoverinfo: "skip",
    line: { color: key.startsWith("action") ? colours.bad : colours.warn, width: 1, dash: "dash" },
  }));
}
