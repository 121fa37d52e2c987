import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { countFiles } from "./count.js";

const USAGE = `Usage: node word-count.js [--json] [--top NUMBER] [--workers NUMBER] [--progress] PATH...

Counts the words of text files, and of all that are in directories. Ctrl-C ends it with what was counted so far.
Progress is shown on terminals, or where asked for.`;

const FAILED = 1;
const INTERRUPTED = 130;

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      json: { type: "boolean" },
      progress: { type: "boolean", default: process.stderr.isTTY ?? false },
      top: { type: "string", default: "10" },
      workers: { type: "string", default: `${availableParallelism()}` },
    },
  });
  const natural = (name, most) => {
    const number = Number(values[name]);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new Error(`Cannot count words: received --${name} ${values[name]}; expected a whole number, 1 to ${most}`);
  };
  if (positionals.length === 0 && !values.help) {
    throw new Error("Cannot count words: received no path; expected files or directories");
  }
  return { ...values, roots: positionals, top: natural("top", 1e9), workers: natural("workers", 60) };
}

let shownAt = Number.NEGATIVE_INFINITY;

function show(files) {
  if (performance.now() - shownAt < 100) return;
  shownAt = performance.now();
  process.stderr.write(`\r${files} files`);
}

async function main() {
  const { help, roots, json, progress, top, workers } = options();
  if (help) return console.log(USAGE);
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort());
  const { signal } = interruption;
  const { counts, counted, binary, failures } = await countFiles(roots, {
    workers,
    signal,
    ...(progress && { progress: show }),
  });
  if (progress) process.stderr.write("\n");
  const entries = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const words = entries.reduce((sum, [, count]) => sum + count, 0);
  const complete = failures.length === 0 && !signal.aborted;
  if (json) {
    console.log(JSON.stringify({ complete, files: { counted, binary }, words, counts: Object.fromEntries(entries) }));
  } else {
    for (const [word, count] of entries.slice(0, top)) console.log(`${`${count}`.padStart(9)}  ${word}`);
    console.log(`${words} words, ${entries.length} different ones, in ${counted} text files (${binary} others)`);
  }
  for (const failure of failures) console.error(`Cannot count the words of a file: ${failure}`);
  if (signal.aborted) console.error("Interrupted: these are not all files.");
  if (!complete) process.exitCode = signal.aborted ? INTERRUPTED : FAILED;
}

main().catch((error) => {
  const missing = error.code === "ENOENT" && error.path;
  console.error(missing ? `Cannot count words: received ${missing}; expected a path that exists` : error.message);
  process.exitCode = FAILED;
});
