// Improve pages where script runs: no double sending, focus on the first error. Every page works without this file.
import { Button, ErrorSummary, SkipLink, createAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button, { preventDoubleClick: true });
createAll(ErrorSummary);
createAll(SkipLink);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What stands behind the # of a link goes into its form and out of the address; nothing sends it to a server otherwise.
for (const field of document.querySelectorAll("[data-from-address]")) {
  const behind = window.location.hash.slice(1);
  if (!behind || field.value) continue;
  history.replaceState(null, "", window.location.pathname);
  field.value = behind;
  field.form.submit();
}
