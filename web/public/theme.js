// Sets the colour scheme before the first paint. A file of its own: inline scripts are forbidden.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("bodhi-theme");
  } catch {
    // Storage is switched off: the system decides.
  }
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  var scheme = chosen === "light" || chosen === "dark" ? chosen : dark ? "dark" : "light";
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
})();
