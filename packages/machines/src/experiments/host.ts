import { host } from "#host";
import type { Machine } from "../machines/machine.js";
import type { Host } from "./measurement.js";

/** What rows say of where they were measured: the machine, the platform under it, and how busy that was. */
export function hostOf({ title, cores, pinned }: Machine, load = host.load()): Host {
  return { cpu: title, cores, node: host.node, pinned, load };
}
