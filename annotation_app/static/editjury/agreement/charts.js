// The dashboard's charts: each is drawn when it comes near the window, from the data of its own
// address; Plotly itself is loaded with the first. Without this module the tables stand alone.

import { drawing } from "./drawing.js";
import { loadPlotly } from "./plotly.js";
import { onThemeChange, theme } from "./theme.js";

const NEAR = "300px";
const PNG = { format: "png", width: 1200, scale: 2 };
const LEAST_HEIGHT = 320;
const own = document.getElementById("agreement-charts");
const drawn = new Map();

/** Draw a figure's chart; say so where it cannot be. */
async function draw(figure) {
  const plot = figure.querySelector("[data-plot]");
  try {
    const [plotly, answer] = await Promise.all([
      loadPlotly(own.dataset.plotly),
      fetch(figure.dataset.chart, { headers: { Accept: "application/json" } }),
    ]);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const chart = await answer.json();
    await put(plotly, plot, chart);
    drawn.set(plot, chart);
    follow(plot, chart);
    offerPicture(plotly, figure, plot);
    figure.dataset.drawn = "yes";
  } catch {
    plot.hidden = true;
    figure.querySelector("[data-failed]").hidden = false;
  }
}

function put(plotly, plot, chart) {
  const { data, layout } = drawing(chart, theme());
  const settings = { displayModeBar: false, responsive: true, showTips: false };
  return plotly.react(plot, data, layout, settings);
}

/** A click on a mark leads where its row leads; the table has the same link for keyboards. */
function follow(plot, chart) {
  plot.on("plotly_click", ({ points }) => {
    const link = chart.links[points[0].customdata];
    if (link) window.location.assign(link);
  });
}

function offerPicture(plotly, figure, plot) {
  const button = figure.querySelector("[data-png]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const height = Math.max(plot.clientHeight, LEAST_HEIGHT);
    plotly.downloadImage(plot, { ...PNG, height, filename: figure.dataset.name });
  });
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      draw(target);
    }
  },
  { rootMargin: NEAR },
);

for (const figure of document.querySelectorAll("figure[data-chart]")) {
  const plot = figure.querySelector("[data-plot]");
  if (!plot) continue;
  plot.hidden = false;
  watcher.observe(figure);
}

onThemeChange(() => {
  for (const [plot, chart] of drawn) put(window.Plotly, plot, chart);
});
