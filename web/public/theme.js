// Sets the colour scheme before the first paint. A file of its own: inline scripts are forbidden.
(function () {
  // React makes errors as it loads, to keep them. Their stacks, which nobody reads, would have the
  // browser read the whole of React once more: 25 ms, a phone 0.1 s. The page sets it back.
  Error.stackTraceLimit = 0;
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
