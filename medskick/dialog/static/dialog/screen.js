// The presenter screen: another question is another page. Answers are fetched by htmx.
(() => {
  "use strict";
  const stream = document.getElementById("stream");
  if (stream) stream.addEventListener("question", () => location.reload());
})();
