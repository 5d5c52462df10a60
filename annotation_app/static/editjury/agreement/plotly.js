// Loads Plotly's own file once.

let loading = null;

/** Resolves with Plotly; rejects if the file does not come. */
export function loadPlotly(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => reject(new Error("no Plotly")));
    document.head.append(script);
  });
  return loading;
}
