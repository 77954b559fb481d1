// Build the pages' style and script into the place the node serves them from; nothing is fetched.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "amparo", "desk", "static", "desk");
const govuk = join(here, "node_modules", "govuk-frontend", "dist", "govuk");

mkdirSync(out, { recursive: true });
const { css } = compile(join(here, "style", "desk.scss"), {
  loadPaths: [join(here, "node_modules")],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(out, "desk.css"), css);
copyFileSync(join(govuk, "govuk-frontend.min.js"), join(out, "govuk-frontend.min.js"));
for (const name of ["desk.js", "passkey.js"]) copyFileSync(join(here, "script", name), join(out, name));
copyFileSync(join(here, "pictures", "shelter.svg"), join(out, "shelter.svg"));
console.log(`built ${out}`);
