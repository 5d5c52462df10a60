// Charts as Plotly draws them, by kind: rows and colours in, traces and layout out.

import { intervals } from "./intervals.js";
import { matrix } from "./matrix.js";
import { funnel, series } from "./series.js";
import { stack } from "./stack.js";

const KINDS = { intervals, series, matrix, stack, funnel };

/** `{data, layout}` of a chart in the page's colours. */
export function drawing(chart, colours) {
  const { data, layout } = KINDS[chart.kind](chart, colours);
  return { data, layout: { ...common(colours), ...layout } };
}

function common(colours) {
  return {
    paper_bgcolor: colours.surface,
    plot_bgcolor: colours.surface,
    font: { family: colours.font, size: 13, color: colours.text },
    margin: { l: 20, r: 20, t: 34, b: 40 },
    hoverlabel: { bgcolor: colours["surface-2"], bordercolor: colours["line-strong"], font: { color: colours.text } },
    showlegend: false,
    dragmode: false,
    autosize: true,
  };
}
