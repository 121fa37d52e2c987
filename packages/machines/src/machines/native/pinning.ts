/**
 * Pinning threads to cores with the optional package koffi: Linux's sched_setaffinity(2), called in the thread itself.
 * Without koffi or on another system nothing is pinned and everything works.
 */
import { createRequire } from "node:module";

/** Bytes of a mask of 1024 cores, glibc's cpu_set_t. */
const MASK_BYTES = 128;

type Affinity = (pid: number, bytes: number, mask: Uint8Array) => number;

function loadAffinity(name: "sched_getaffinity" | "sched_setaffinity"): Affinity | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const koffi = createRequire(import.meta.url)("koffi");
    return koffi.load(null).func(`int ${name}(int pid, size_t bytes, _Inout_ uint8_t *mask)`);
  } catch {
    return undefined;
  }
}

/** The cores that this process may run on, in order; undefined where threads cannot be pinned. */
export function pinnableCores(): number[] | undefined {
  const mask = new Uint8Array(MASK_BYTES);
  const get = loadAffinity("sched_getaffinity");
  if (get === undefined || get(0, MASK_BYTES, mask) !== 0) return undefined;
  return Array.from({ length: MASK_BYTES * 8 }, (_, core) => core).filter(
    (core) => mask[core >> 3]! & (1 << (core & 7)),
  );
}

/** Keeps the calling thread on `core`; false where that is not possible. */
export function pinThread(core: number): boolean {
  const mask = new Uint8Array(MASK_BYTES);
  mask[core >> 3] = 1 << (core & 7);
  return loadAffinity("sched_setaffinity")?.(0, MASK_BYTES, mask) === 0;
}
