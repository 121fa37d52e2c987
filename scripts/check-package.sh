#!/usr/bin/env bash
# Packs the package, installs it into an empty project, and uses it there: the command, the types, the library.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$(mktemp -d)
tsc=$PWD/node_modules/.bin/tsc
types=$PWD/node_modules/@types
trap 'rm -rf "$project"' EXIT

npx publint --strict
npx attw --pack . --profile esm-only --exclude-entrypoints ./kernel.wasm
npm pack --silent --pack-destination "$project" >/dev/null
cd "$project"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ./landspout-*.tgz
npx landspout list mcs
npx landspout evaluate --only ticket,dissemination,padded-array --processors 1,2 --report out --json rows.json >/dev/null
cat >use.ts <<'TS'
import { type Measurement, NativeMachine, type NativeRun } from "landspout";
export const machine: NativeMachine = new NativeMachine({ pin: false });
export const nanoseconds = (run: NativeRun): number => Math.max(...run.nanoseconds.map((time) => time ?? 0));
export const unit = (row: Measurement): string => row.unit;
TS
"$tsc" --noEmit --strict --target es2023 --lib es2023 --module nodenext --types node --typeRoots "$types" use.ts
node --input-type=module -e '
import { readFileSync } from "node:fs";
import { NativeMachine, loadKernel } from "landspout";
const rows = JSON.parse(readFileSync("rows.json", "utf8"));
const workloads = [...new Set(rows.map((row) => row.workload))].sort().join();
if (workloads !== "barrier,counter,lock") throw new Error(`Cannot use the package: received rows of ${workloads}`);
const machine = new NativeMachine();
console.log(`the installed package: ${rows.length} rows, ${machine.cores} cores, ${(await loadKernel()).algorithms.length} algorithms`);
await machine.close();
'
rm -r node_modules/koffi node_modules/@koromix
npx landspout evaluate --only mcs --processors 2 --report out | grep "threads not pinned"
