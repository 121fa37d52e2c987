// @ts-check
// Compiles the algorithms of kernel/ to kernel.wasm in packages/machines/dist, with names and a source map, and writes
// kernel.json beside it: their catalogue, from the comment at the head of each one's file. Nothing else lists them.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { compile, publish, root, SHARED_MEMORY } from "./assemblyscript.mjs";

/** @typedef {{ kind: string, name: string, title: string, text: string, [tag: string]: string }} Algorithm */

/** The tags that the head of each kind's files must have. @type {Record<string, string[]>} */
const TAGS = {
  lock: ["source", "order", "waits", "spins", "signals"],
  barrier: ["source", "waits", "spins", "signals"],
  counter: ["source", "waits", "reads"],
};

/** @param {string} kind @param {string} name @param {string} text @returns {Algorithm} */
function describe(kind, name, text) {
  const file = `kernel/${kind}s/${name}.ts`;
  const head = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(text)?.[1];
  if (!head) throw new Error(`Cannot describe ${file}: received no comment at its head; expected /** ... */`);
  const lines = head.split("\n").map((line) => line.replace(/^ \* ?/, ""));
  const prose = lines
    .filter((line) => !line.startsWith("@"))
    .join("\n")
    .trim();
  /** @type {Record<string, string>} */
  const tags = {};
  for (const line of lines) {
    const [, tag, value] = /^@(\w+) (.+)$/.exec(line) ?? [];
    if (tag && value) tags[tag] = value;
  }
  const missing = TAGS[kind]?.filter((tag) => !(tag in tags)) ?? [];
  if (missing.length > 0) throw new Error(`Cannot describe ${file}: received no @${missing.join(", @")} in its head`);
  const [title, description] = prose.split(/:\s/, 2);
  if (!description) throw new Error(`Cannot describe ${file}: received a head without "Title: what it does"`);
  return { kind, name, title, text: prose, ...tags };
}

/** @param {string} kind */
async function algorithms(kind) {
  const folder = join(root, "kernel", `${kind}s`);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts")).sort();
  return Promise.all(
    files.map(async (file) => describe(kind, basename(file, ".ts"), await readFile(join(folder, file), "utf8"))),
  );
}

/** The method that each kind's workload calls. @type {Record<string, string>} */
const METHODS = {
  lock: `
  @inline acquire(I: usize): void { from.acquire(changetype<usize>(this), I); }
  @inline release(I: usize): void { from.release(changetype<usize>(this), I); }`,
  barrier: `
  @inline barrier(I: usize): void { from.barrier(changetype<usize>(this), I); }`,
  counter: `
  @inline add(I: usize, amount: i64): void { from.add(changetype<usize>(this), I, amount); }
  @inline approximate(): i64 { return from.approximate(changetype<usize>(this)); }
  @inline exact(): i64 { return from.exact(changetype<usize>(this)); }`,
};

/** The entries that each kind exports beside create, attach, prepare and run. @type {Record<string, string>} */
const ENTRIES = {
  lock: `
export function X_acquire(L: usize, I: usize): void { from.acquire(L, I); }
export function X_release(L: usize, I: usize): void { from.release(L, I); }
export function X_pairs(L: usize, I: usize, pairs: u32): void { runPairs<X>(changetype<X>(L), I, pairs); }
export function X_empty(E: usize): void { runEmpty<X>(changetype<Experiment>(E)); }
export function X_run(E: usize): void { runLock<X>(changetype<Experiment>(E)); }`,
  barrier: `
export function X_barrier(B: usize, I: usize): void { from.barrier(B, I); }
export function X_run(E: usize): void { runBarrier<X>(changetype<Experiment>(E)); }`,
  counter: `
export function X_add(C: usize, I: usize, amount: i64): void { from.add(C, I, amount); }
export function X_approximate(C: usize): i64 { return from.approximate(C); }
export function X_exact(C: usize): i64 { return from.exact(C); }
export function X_reads(C: usize, reads: u32, exact: bool): i64 { return runReads<X>(changetype<X>(C), reads, exact); }
export function X_run(E: usize): void { runCounter<X>(changetype<Experiment>(E)); }`,
};

/**
 * The module of entries of one algorithm, every workload compiled for it alone: a call through a table would cost as
 * much as the lock. @param {Algorithm} algorithm
 */
function entries({ kind, name }) {
  const imports = { lock: "runEmpty, runLock, runPairs", barrier: "runBarrier", counter: "runCounter, runReads" }[kind];
  return `import * as from from "./${kind}s/${name}";
import { seedRandom } from "./random";
import { Experiment, createExperiment, createRecord } from "./workloads/experiment";
import { ${imports} } from "./workloads/${kind}";
@unmanaged class X {${METHODS[kind]}
}
export function X_create(processors: u32): usize { return from.create(processors); }
export function X_attach(object: usize, processor: u32): usize { return from.attach(object, processor); }
export function X_prepare(processors: u32, turns: u32, busy: u32, think: u32, observed: bool, seed: u32): usize {
  seedRandom(seed);
  const object = from.create(processors);
  const E = createExperiment(object, processors, turns, busy, think, observed);
  for (let p: u32 = 0; p < processors; p++) createRecord(E, p, from.attach(object, p));
  return changetype<usize>(E);
}${ENTRIES[kind]}
`.replace(/\bX(?=_|\b)/g, name.replaceAll("-", "_"));
}

const catalogue = (await Promise.all(["lock", "barrier", "counter"].map(algorithms))).flat();
const twice = catalogue.find((a, i) => catalogue.findIndex((b) => b.name === a.name) !== i);
if (twice)
  throw new Error(
    `Cannot name two algorithms "${twice.name}": received ${twice.kind}s/${twice.name}.ts; expected a new name`,
  );

/** Files that exist in memory only. @type {Map<string, string>} */
const generated = new Map(catalogue.map((a) => [`kernel/${a.kind}-${a.name}.entries.ts`, entries(a)]));
await compile(["kernel/kernel.ts", ...generated.keys()], "packages/machines/dist/kernel.wasm", {
  generated,
  options: SHARED_MEMORY,
});
await publish("packages/machines/dist/kernel.json", JSON.stringify({ algorithms: catalogue }, null, 1));
