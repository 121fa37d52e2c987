/**
 * How long to look for what another worker is about to do, before sleeping. It pays where the other runs meanwhile, which
 * nobody knows, but what was so stays so for a while: who found it while looking, looks the next times, too; who did not,
 * several times one after the other, does without, but for one time of PROBE.
 *
 * Nobody writes what is looked at but who ends the wait: looks need not become rare, as those for a lock.
 *
 * Source: Karlin, Li, Manasse & Owicki, SOSP 1991: who looks for as long as sleep costs, pays at most twice the least.
 */
import { read } from "../atomics";
import { work } from "../machine";
import { enoughCores, me } from "./space";

/** Cycles between two looks, and in all: about what it takes to wake a worker on another core. */
const LOOK: u32 = 64;
const LONG: u32 = 65536;
/** Looks in vain, one after the other, until a worker does without; then it looks one time of so many. */
const PATIENCE: u32 = 4;
const PROBE: u32 = 32;

/** Waits in vain, one after the other, until the worker does without. */
export let patience: u32 = PATIENCE;
let chance: u32 = 0;

/** Looks while the value is there, if there are cores for all. */
export function lookWhile(address: usize, value: u32): void {
  if (!enoughCores() || (patience == 0 && !isProbe())) return;
  for (let cycles: u32 = 0; cycles < LONG; cycles += LOOK) {
    if (read(address) != value) {
      patience = PATIENCE;
      return;
    }
    work(LOOK);
  }
  if (patience > 0) patience--;
}

/** By chance: two who wait for each other have to look at the same time. */
function isProbe(): bool {
  chance = chance * 1664525 + 1013904223 + me;
  return (chance >>> 16) % PROBE == 0;
}
