/**
 * Dissemination barrier: in round k every processor signals the one 2^k further on; after ceil(log2 P) rounds each has
 * heard, through others, from all. No root, no wakeup: the shortest critical path.
 *
 *     B              | allnodes[P] |                       addresses
 *     allnodes[i]    | parity | sense | rounds | partnerflags[2][rounds] |   private to processor i
 *                    | myflags[2][rounds] |                                  in lines that others write
 *
 * Invariant: two sets of flags alternate (parity), and the value that means "arrived" alternates every two episodes
 * (sense): a partner can be one episode ahead, never two, so it never writes a flag that is still to be read.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 9 (Hensgen, Finkel & Manber, IJPP 17(1), 1988)
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { read, write } from "../atomics";
import { ceilLog2 } from "../logarithm";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

const parity: u32 = 0;
const sense: u32 = 4;
const rounds: u32 = 8;
const partnerflags: u32 = 12;
/** Room for 14 rounds, 16384 processors, in the private line. */
const myflags: u32 = CACHE_LINE;

export function create(processors: u32): usize {
  const B = shared(processors * 4);
  const logP = ceilLog2(processors);
  const set = logP * 4;
  for (let i: u32 = 0; i < processors; i++) {
    const node = local(i, myflags + 2 * set);
    store<u32>(node + sense, 1);
    store<u32>(node + rounds, logP);
    write(B + i * 4, <u32>node);
  }
  for (let i: u32 = 0; i < processors; i++) {
    for (let r: u32 = 0; r < 2; r++) {
      for (let k: u32 = 0; k < logP; k++) {
        const partner = (i + (1 << k)) % processors;
        const index = r * set + k * 4;
        store<u32>(read(B + i * 4) + partnerflags + index, read(B + partner * 4) + myflags + index);
      }
    }
  }
  return B;
}

export function attach(B: usize, processor: u32): usize {
  return read(B + processor * 4);
}

export function barrier(B: usize, I: usize): void {
  const mysense = load<u32>(I + sense);
  const myparity = load<u32>(I + parity);
  const set = load<u32>(I + rounds) * 4;
  for (let index = myparity * set, end = index + set; index < end; index += 4) {
    write(load<u32>(I + partnerflags + index), mysense);
    while (read(I + myflags + index) != mysense) pause();
  }
  if (myparity == 1) store<u32>(I + sense, mysense ^ 1);
  store<u32>(I + parity, myparity ^ 1);
}
