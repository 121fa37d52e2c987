import { server } from "../machines/presets/server.js";
import { uncontended } from "../machines/presets/uncontended.js";
import type { MachineFigure } from "./figure.js";

/** The parameters of the Markov model, in one unit of time. */
export interface TicketLock {
  /** Mean time between a core's critical sections. */
  readonly arrival: number;
  /** Time of a critical section. */
  readonly section: number;
  /** Time in which one waiting core gets the line that says who is served. */
  readonly transfer: number;
}

/**
 * The model of Boyd-Wickizer, Kaashoek, Morris and Zeldovich: of n cores k hold the lock or wait for it. Each of the
 * others comes at the rate 1 / arrival; the lock is passed on at the rate 1 / (section + k transfer / 2), because half
 * of the waiting cores, on average, get the line before the one that is served next.
 *
 * @param cores 1 or more
 * @returns the mean number of cores that neither wait nor hold
 */
export function ticketSpeedup(cores: number, { arrival, section, transfer }: TicketLock): number {
  // Over the states 0 to k: the sum of the stationary probabilities by the last one, which no factorial makes overflow,
  // and the mean of the states.
  let total = 1;
  let waiting = 0;
  for (let k = 1; k <= cores; k++) {
    total = 1 + total / (((cores - k + 1) / arrival) * (section + (k * transfer) / 2));
    waiting += (k - waiting) / total;
  }
  return cores - waiting;
}

const CORES = [1, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56];

/** From a core of the own socket and of the other one: half of the cores are there. */
function meanTransfer(): number {
  const read = (reference: string) => uncontended(server).find((latency) => latency.reference === reference)!.cycles;
  return (read("read, another's cache in the own node") + read("read, another's cache at a remote home")) / 2;
}

/** The line's transfer is the machine's; the other two are as many of it as in the example of the model: 200 and 5. */
const transfer = Math.round(meanTransfer());
const lock: TicketLock = { arrival: 200 * transfer, section: 5 * transfer, transfer };

export const collapse: MachineFigure = {
  name: "boyd-wickizer",
  title: "A current server: cores that compute beside a ticket lock",
  source:
    "Boyd-Wickizer, Kaashoek, Morris and Zeldovich, Non-scalable locks are dangerous, OLS 2012: the Markov model, " +
    "computed with the machine's own cost of a line's transfer",
  machine: server.name,
  quantity: "speedup",
  unit: "1",
  workload: { kind: "lock", section: lock.section, think: lock.arrival, slot: 128 },
  curves: [
    {
      name: "ticket",
      algorithm: "ticket",
      reading: "text",
      points: CORES.map((cores) => [cores, ticketSpeedup(cores, lock)]),
    },
  ],
};
