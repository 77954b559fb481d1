// Answer one case per line (NDJSON in, NDJSON out) with the Guide's evaluator in JavaScript. `node answer.mjs BUNDLE`
// A line: {"guide": FILE} prepares a published Guide; {"key", "facts", "at"?, "first_due"?, "may"?} judges by it;
// {"ask", "values"} asks one condition; {"bench": SECONDS, "cases": [...]} counts cases a second.
import { readFileSync } from "node:fs";
import { argv, stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const amparo = await import(pathToFileURL(argv[2]));
const { answers } = await import("./answers.mjs");
const ask = answers(amparo, (name) => JSON.parse(readFileSync(name, "utf8")));

for await (const line of createInterface({ input: stdin, crlfDelay: Infinity })) {
  if (line) stdout.write(JSON.stringify(ask(JSON.parse(line))) + "\n");
}
