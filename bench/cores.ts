import { cpus } from "node:os";
import { performance } from "node:perf_hooks";

/** All in milliseconds, of all cores together, up to a moment. */
export interface CoreTimes {
  readonly elapsed: number;
  readonly idle: number;
  /** This process's. */
  readonly own: number;
}

/** To within the system's clock ticks, some 10 ms for each core. */
export function coreTimes(): CoreTimes {
  const cores = cpus();
  const { user, system } = process.cpuUsage();
  return {
    elapsed: performance.now() * cores.length,
    idle: cores.reduce((all, { times }) => all + times.idle, 0),
    own: (user + system) / 1000,
  };
}

/** The part of the cores' time that other programs had between two moments, 0 to 1. */
export function othersShare(from: CoreTimes, to: CoreTimes): number {
  const elapsed = to.elapsed - from.elapsed;
  return Math.max(0, elapsed - (to.idle - from.idle) - (to.own - from.own)) / elapsed;
}
