#!/usr/bin/env bash
# Packs the packages, installs them into empty projects, and uses them there: the library, then the command and the types.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$(mktemp -d)
tsc=$PWD/node_modules/typescript/bin/tsc
types=$PWD/node_modules/@types
trap 'rm -rf "$project"' EXIT

npm pack --silent --workspaces --pack-destination "$project" >/dev/null
# What CommonJS requires is an ES module, and its types say what `require` gives of that: a warning of publint, two rules of attw.
for package in "$project"/landspout-*.tgz; do
  npx publint "$package"
  npx attw "$package" --profile esm-only --ignore-rules false-cjs cjs-resolves-to-esm --exclude-entrypoints ./kernel.wasm
done
npm pack --json --dry-run --ignore-scripts --workspace landspout | node --input-type=module -e '
import { readFileSync } from "node:fs";
const [{ unpackedSize, files }] = JSON.parse(readFileSync(0, "utf8"));
const bytesOf = (part) => files.reduce((sum, { path, size }) => sum + (part.test(path) ? size : 0), 0);
const [pool, service] = [/^dist\/(pool\/|platform\/executor-code)/, /^dist\/service/].map(bytesOf);
for (const [what, bytes, most] of [["the pool", pool, 232_000], ["the services", service, 76_000], ["all else", unpackedSize - pool - service, 668_000]])
  if (bytes > most) throw new Error(`Cannot ship the library: received ${bytes} bytes of ${what} unpacked; expected ${most} at most`);
const { dependencies, scripts } = JSON.parse(readFileSync("packages/library/package.json", "utf8"));
if (dependencies || Object.keys(scripts).some((name) => /install/.test(name))) throw new Error("Cannot ship the library: expected no dependencies and nothing that npm executes");
'
cd "$project"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ./landspout-*.tgz
npx landspout list mcs
npx landspout evaluate --machine native --only ticket,dissemination,padded-array --processors 1,2 --report out --json rows.json >/dev/null
cat >use.ts <<'TS'
import { findMachine, type Measurement, NativeMachine, type Run, SimulatedMachine, type SimulatedRun } from "landspout-machines";
export const machine: NativeMachine = new NativeMachine({ pin: false });
export const nanoseconds = (run: Run): number => Math.max(...run.durations.map((time) => time ?? 0));
export const unit = (row: Measurement): string => row.unit;
export const dash = async (): Promise<SimulatedMachine> => new SimulatedMachine(await findMachine("dash"));
export const misses = ({ processors }: SimulatedRun): number[] => processors.map((each) => each.readMisses);
TS
"$tsc" --noEmit --strict --target es2023 --lib es2023 --module nodenext --types node --typeRoots "$types" use.ts
node --input-type=module -e '
import { readFileSync } from "node:fs";
import { Experiments, NativeMachine, SimulatedMachine, findMachine, loadKernel } from "landspout-machines";
const rows = JSON.parse(readFileSync("rows.json", "utf8"));
const workloads = [...new Set(rows.map((row) => row.workload))].sort().join();
if (workloads !== "barrier,counter,lock") throw new Error(`Cannot use the package: received rows of ${workloads}`);
const machine = new NativeMachine();
console.log(`the installed package: ${rows.length} rows, ${machine.cores} cores, ${(await loadKernel()).algorithms.length} algorithms`);
await machine.close();
const kernel = await loadKernel();
const clh = kernel.algorithms.find(({ name }) => name === "clh");
const simulated = new Experiments(new SimulatedMachine(await findMachine("symmetry")), kernel);
const { overtaken } = await simulated.workload(clh, { processors: 4, turns: 10, seed: 1, observed: true });
if (overtaken !== 0) throw new Error(`Cannot use the package: received ${overtaken} overtaken at a queue lock; expected 0`);
'
cat >library.ts <<'TS'
import { type Worker } from "node:worker_threads";
import { Channel, Mutex, receive, SharedSpace, type UnlockToken } from "landspout";
import { type DebugReport, inspect } from "landspout/debug";
export interface Job {
  readonly path: string;
}
export const start = (worker: Worker, space = new SharedSpace({ workers: 2 })): void =>
  worker.postMessage({ mutex: new Mutex(space), jobs: new Channel<Job>(space) });
export const paths = (message: unknown): (string | undefined)[] => {
  const { mutex, jobs } = receive<{ mutex: Mutex; jobs: Channel<Job> }>(message);
  using token: UnlockToken = mutex.lock();
  return token.abandoned ? [] : [jobs.receive()?.path];
};
export const report = ({ space }: Mutex): DebugReport => inspect(space);
export const locked = async ({ signal }: AbortController, mutex: Mutex): Promise<UnlockToken> => mutex.lockAsync({ signal, timeout: 10 });
export const size = (space: SharedSpace): number => space.memory.buffer.byteLength;
// @ts-expect-error The library brings no DOM to programs for Node.
document.title = "";
TS
"$tsc" --noEmit --strict --skipLibCheck false --target es2022 --lib es2022 --module nodenext --types node --typeRoots "$types" library.ts
cat >page.ts <<'TS'
import { Channel, Mutex, receive, SharedSpace, type UnlockToken } from "landspout";
import { type DebugReport, inspect } from "landspout/debug";
export const start = (worker: Worker, space = new SharedSpace({ workers: 2 })): void =>
  worker.postMessage({ mutex: new Mutex(space), jobs: new Channel<string>(space) });
export const locked = ({ data }: MessageEvent, signal: AbortSignal): Promise<UnlockToken> =>
  receive<{ mutex: Mutex }>(data).mutex.lockAsync({ signal, timeout: 10 });
export const report = ({ space }: Mutex): DebugReport => inspect(space);
export const memory = (space: SharedSpace): WebAssembly.Memory => space.memory;
// @ts-expect-error The library brings no Node to programs for browsers.
process.exit();
TS
cat >machines.ts <<'TS'
import { check, createProgram, findPreset, SimulatedMachine, type Verdict } from "landspout-machines";
export const verdict = (bytes: Uint8Array<ArrayBuffer>): Promise<Verdict> =>
  check(createProgram("a.wasm", bytes), { processors: 2, entries: "run" });
export const dash = new SimulatedMachine(findPreset("dash"));
// @ts-expect-error Browsers have no files.
export { loadProgram } from "landspout-machines";
TS
"$tsc" --noEmit --strict --skipLibCheck false --target es2023 --lib es2023,dom --module preserve --customConditions browser machines.ts
for module in nodenext preserve; do
  "$tsc" --noEmit --strict --skipLibCheck false --target es2022 --lib es2022,dom --module $module page.ts
done
cat >library.cts <<'TS'
import { workerData } from "node:worker_threads";
import { Mutex, receive, SharedBuffer, SharedSpace, type UnlockToken } from "landspout";
import { inspect } from "landspout/debug";
const { mutex } = receive(workerData);
mutex.lock().unlock();
const typed: Mutex = receive<{ mutex: Mutex }>({} as unknown).mutex;
const token: UnlockToken = typed.lock();
const floats: Float64Array = new SharedBuffer(new SharedSpace({ workers: 2 }), 64).view(Float64Array);
// @ts-expect-error One kind of array is no other.
const integers: Int32Array = floats;
export const all = [inspect(typed.space), token, integers];
TS
cat >buffers.ts <<'TS'
import { SharedBuffer, type SharedSpace } from "landspout";
class Vector extends Float64Array {
  norm(): number {
    return Math.hypot(...this);
  }
}
export const floats = (space: SharedSpace): Float64Array<SharedArrayBuffer> => new SharedBuffer(space, 64).view(Float64Array);
export const view = (space: SharedSpace): DataView<SharedArrayBuffer> => new SharedBuffer(space, 64).view(DataView);
export const bytes = (space: SharedSpace): Uint8Array<SharedArrayBuffer> => new SharedBuffer(space, 64).bytes;
export const norm = (space: SharedSpace): number => new SharedBuffer(space, 64).view(Vector).norm();
TS
npm install --silent --no-audit --no-fund ts54@npm:typescript@5.4.5 ts57@npm:typescript@5.7.3 ts7@npm:typescript@7.0.2
for version in ts54 ts57 ts7; do
  for lib in es2022 es2022,dom; do
    files=(library.cts library.ts)
    [ $lib = es2022 ] || files=(library.cts)
    [ $version = ts54 ] || files+=(buffers.ts)
    node node_modules/$version/bin/tsc --noEmit --strict --skipLibCheck false --target es2022 --lib $lib --module node16 --types node --typeRoots "$types" "${files[@]}"
  done
done
node -e 'const { Mutex, SharedSpace } = require("landspout"); new Mutex(new SharedSpace()).lock().unlock();'
cat >library.mjs <<'JS'
import { Worker, isMainThread, workerData } from "node:worker_threads";
import { Channel, Mutex, receive, SharedSpace } from "landspout";
import { inspect } from "landspout/debug";
if (isMainThread) {
  const space = new SharedSpace();
  const shared = { mutex: new Mutex(space), jobs: new Channel(space), sum: new Int32Array(new SharedArrayBuffer(4)) };
  const workers = [1, 2].map(() => new Worker(new URL(import.meta.url), { workerData: shared }));
  for (let i = 1; i <= 100; i++) await shared.jobs.sendAsync(i);
  shared.jobs.close();
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve))));
  if (shared.sum[0] !== 5050) throw new Error(`Cannot use the library: received a sum of ${shared.sum[0]}; expected 5050`);
  const kinds = inspect(space).objects.map(({ kind }) => kind).sort();
  if (`${kinds}` !== "Channel,Mutex") throw new Error(`Cannot use landspout/debug: received ${kinds}; expected Channel,Mutex`);
  console.log("the installed library: two workers, one sum");
} else {
  const { mutex, jobs, sum } = receive(workerData);
  for (let job = jobs.receive(); job !== undefined; job = jobs.receive()) {
    const token = mutex.lock();
    sum[0] += job;
    token.unlock();
  }
}
JS
node library.mjs
rm -r node_modules/koffi node_modules/@koromix
npx landspout evaluate --machine native --only mcs --processors 2 --report out | grep "Threads: not pinned"
