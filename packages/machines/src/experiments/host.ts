import { loadavg } from "node:os";
import type { Machine } from "../machines/machine.js";
import type { Host } from "./measurement.js";

/** The operating system's load average of the last minute. */
export function loadNow(): number {
  return loadavg()[0]!;
}

/** What rows say of where they were measured: the machine, the platform under it, and how busy that was. */
export function hostOf({ title, cores, pinned }: Machine, load = loadNow()): Host {
  return { cpu: title, cores, node: process.versions.node, pinned, load };
}
