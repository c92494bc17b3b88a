// The trend with exact figures under the pointer; it reads the table that stands behind the drawing.
document.querySelectorAll("[data-trend]").forEach(function (place) {
  var table = place.querySelector("table"), drawing = place.querySelector(".trend-chart");
  if (!window.echarts || !table || !drawing) return;
  var heads = Array.from(table.querySelectorAll("thead th")).slice(1).map(words);
  var rows = Array.from(table.querySelectorAll("tbody tr"));
  var colours = heads.map(function (_name, n) { return tone(n === 0 ? "--action" : "--ok"); });
  var frame = document.createElement("div");
  frame.className = "chart-live";
  frame.setAttribute("aria-hidden", "true");
  place.insertBefore(frame, drawing);
  place.classList.add("is-live");
  var chart = echarts.init(frame, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    color: colours,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: 14, top: 12, bottom: 4, containLabel: true },
    // The content policy allows no style attributes, so the words are drawn, not written as HTML.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    xAxis: { type: "category", boundaryGap: false, data: rows.map(function (row) { return words(row.cells[0]); }), axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: tone("--line") } } },
    series: heads.map(function (name, n) {
      return {
        name: name, type: "line", showSymbol: rows.length < 15, symbolSize: 7,
        lineStyle: { width: 2, type: n ? "dashed" : "solid" },
        areaStyle: n ? undefined : { opacity: 0.07 },
        data: rows.map(function (row) { return number(words(row.cells[n + 1])); })
      };
    })
  });
  chart.getZr().on("click", function (at) {
    var index = chart.convertFromPixel({ xAxisIndex: 0 }, at.offsetX);
    var link = rows[index] && rows[index].querySelector("a");
    if (link) link.click();
  });
  window.addEventListener("resize", function () { chart.resize(); });
});

function words(cell) { return cell.textContent.trim(); }
function number(text) { return text === "-" ? null : Number(text); }
function tone(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
