/**
 * A bus over which all reloads go: a busy bus makes them longer, and longer reloads keep the processors busier.
 *
 * U = min(M f C R U' / (C R + D), 1), where R is the mean part of a footprint that is reloaded, U' the utilization of the
 * processors, f the part of a reload in which the bus is needed, and D = 1; a reload takes C R / (1 - U). The two are
 * solved by repetition.
 *
 * Source: Squillante & Lazowska, IEEE TPDS 4(2), 1993.
 */
import type { Network } from "./closed-network.js";
import type { Simulations } from "./figure.js";

/** The part of a reload in which the bus is needed. */
const BUS_PART = 0.1;
const TOLERANCE = 0.005;
/** The utilization grows from one repetition to the next, and never beyond 1. */
const REPETITIONS = 20;

/** The utilization of the bus, 1 where it is saturated. */
export async function busUtilization(network: Network, simulate: Simulations["network"]): Promise<number> {
  let busy = 0;
  for (let i = 0; i < REPETITIONS; i++) {
    const { reloaded, utilization } = await simulate({ ...network, slowdown: 1 / (1 - busy) });
    const reload = network.reload * reloaded.mean;
    const next = (network.processors * BUS_PART * reload * utilization.mean) / (reload + 1);
    if (next >= 1) return 1;
    if (next - busy < TOLERANCE) return next;
    busy = next;
  }
  return busy;
}
