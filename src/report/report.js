(function () {
  "use strict";
  var root = document.documentElement;
  var figures = JSON.parse(document.getElementById("figures").textContent);
  var config = { displaylogo: false, responsive: true, displayModeBar: false };

  // Colors are written as names of the style's variables, so that figures follow light, dark and print.
  function painted(value, style) {
    if (typeof value === "string") {
      var name = /^var\((--[a-z]+)\)$/.exec(value);
      return name ? style.getPropertyValue(name[1]).trim() : value;
    }
    if (Array.isArray(value)) {
      return value.map(function (item) { return painted(item, style); });
    }
    if (value !== null && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = painted(value[key], style); });
      return copy;
    }
    return value;
  }

  function draw() {
    var style = getComputedStyle(root);
    figures.forEach(function (figure) {
      Plotly.react(figure.id, painted(figure.data, style), painted(figure.layout, style), config);
    });
  }

  draw();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  window.addEventListener("beforeprint", function () { root.classList.add("print"); draw(); });
  window.addEventListener("afterprint", function () { root.classList.remove("print"); draw(); });
})();
