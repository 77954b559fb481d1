// Bundle the Guide's evaluator into one module for a browser or for node; nothing is fetched. `node bundle.mjs [OUT]`
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

export async function bundleGuide(outfile = join(here, "dist", "guide.js")) {
  await build({
    entryPoints: [join(here, "guide", "index.ts")],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    mainFields: ["module", "main"],
    legalComments: "inline",
    logLevel: "error",
  });
  return outfile;
}

if (argv[1] === fileURLToPath(import.meta.url)) console.log(`built ${await bundleGuide(argv[2])}`);
