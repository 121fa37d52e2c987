/**
 * Dissemination barrier over messages: in round k every processor sends to the one 2^k further on and receives from the
 * one 2^k before it; after ceil(log2 P) rounds each has heard, through others, from all.
 *
 *     B              | processors |            read by attach alone
 *     private I      | processor | processors |
 *
 * Invariant: an ordered pair of processors has one round at most, since 2^k < P, so its nth message is the arrival of
 * episode n. A receive uses it up: neither the parity nor the sense is needed, which over memory tell the flags of one
 * episode from those of the next. A processor can be ahead of others; its messages wait for them.
 *
 * An episode touches no memory but the private record.
 *
 * @source Hensgen, Finkel & Manber, IJPP 17(1), 1988; Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 9
 * @communicates messages
 * @waits receiving
 * @spins nowhere
 * @signals one
 */
import { read, write } from "../atomics";
import { receive, send } from "../machine";
import { local, shared } from "../memory/placement";

export const processorOf: u32 = 0;
export const processorsOf: u32 = 4;
/** All that a message says; which processor arrived in which episode is known from its channel. */
export const ARRIVED: u32 = 1;

export function create(processors: u32): usize {
  const B = shared(4);
  write(B, processors);
  return B;
}

export function attach(B: usize, processor: u32): usize {
  const I = local(processor, 8);
  store<u32>(I + processorOf, processor);
  store<u32>(I + processorsOf, read(B));
  return I;
}

export function barrier(B: usize, I: usize): void {
  const i = load<u32>(I + processorOf);
  const P = load<u32>(I + processorsOf);
  for (let distance: u32 = 1; distance < P; distance <<= 1) {
    send((i + distance) % P, ARRIVED);
    receive((i + P - distance) % P);
  }
}
