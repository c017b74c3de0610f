"use strict";
// Draws each chart from the JSON that stands beside it, in the colours of the page.
(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 40rem)");

  function coloured(layout) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const drawn = structuredClone(layout);
    Object.assign(drawn, {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", autosize: true,
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("--ink") },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("--soft"), activecolor: colour("--ink") },
      hoverlabel: { bgcolor: colour("--tint"), bordercolor: colour("--line"), font: { color: colour("--ink") } },
    });
    for (const name of Object.keys(drawn)) {
      if (/^[xy]axis/.test(name)) {
        Object.assign(drawn[name], { gridcolor: colour("--line"), zerolinecolor: colour("--line") });
      }
    }
    return drawn;
  }

  // a phone scrolls the page with one finger, so there dragging must not zoom
  const config = () => ({
    responsive: true, displaylogo: false, scrollZoom: false,
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]], // none that leads to a network
  });
  const drag = (layout) => Object.assign(layout, { dragmode: narrow.matches ? false : "zoom" });

  for (const source of document.querySelectorAll("script[data-chart]")) {
    const place = document.getElementById(source.dataset.chart);
    const { data, layout } = JSON.parse(source.textContent);
    place.textContent = "";
    Plotly.newPlot(place, data, drag(coloured(layout)), config());
    dark.addEventListener("change", () => Plotly.react(place, data, drag(coloured(layout)), config()));
  }
})();
