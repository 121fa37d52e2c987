import { compileFile } from "./kernels.js";

/** The file with what a monitor's machine calls; see there. */
export const MONITOR = "test/machines/simulated/privileged/monitor/monitor.ts";

export const monitor = await compileFile(MONITOR);

/** The guest's memory, in that of its monitor: the second quarter, with frames in reverse order. */
export function guestIn(memory: Uint8Array, page: number): Uint8Array {
  const bytes = memory.length / 4;
  const guest = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += page) {
    guest.set(memory.subarray(2 * bytes - page - at, 2 * bytes - at), at);
  }
  return guest;
}
