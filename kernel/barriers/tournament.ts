/**
 * Tournament barrier: processors are paired off in rounds whose winners are fixed beforehand; the champion wakes the
 * losers down the same tree. Every processor spins on flags of its own.
 *
 *     B              | rounds[P] |                           addresses
 *     rounds[i]      | sense | - | (role, opponent)[k] |     private to processor i, k = 0 .. ceil(log2 P)
 *                    | flag[k] |                             in lines that opponents write
 *
 *     role      condition at processor i, round k > 0
 *     winner    i mod 2^k = 0, i + 2^(k-1) < P, 2^k < P
 *     bye       i mod 2^k = 0, i + 2^(k-1) >= P
 *     loser     i mod 2^k = 2^(k-1)
 *     champion  i = 0, 2^k >= P
 *     dropout   k = 0
 *
 * Invariant: flag of (i, k) is written by i's opponent of that round alone, once on the way up if i wins there, once on
 * the way down if it loses; never both.
 *
 * One processor has no round and so no champion: it passes at once.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 10 (Hensgen, Finkel & Manber, IJPP 17(1), 1988)
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { read, write } from "../atomics";
import { ceilLog2 } from "../logarithm";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

export const role: u32 = 8;
export const opponent: u32 = 12;
export const ROUND: u32 = 8;
/** Room for 14 rounds, 16384 processors, in the private line. */
export const flags: u32 = CACHE_LINE;
export const FLAG: u32 = 4;

const DROPOUT: u32 = 0;
export const WINNER: u32 = 1;
export const BYE: u32 = 2;
export const LOSER: u32 = 3;
export const CHAMPION: u32 = 4;

function roleOf(i: u32, k: u32, processors: u32): u32 {
  if (k == 0) return DROPOUT;
  const group: u32 = 1 << k;
  const half = group >> 1;
  if (i % group == half) return LOSER;
  if (i % group != 0) return DROPOUT;
  if (i + half >= processors) return BYE;
  return group < processors ? WINNER : CHAMPION;
}

export function create(processors: u32): usize {
  const B = shared(processors * 4);
  pairOff(B, processors);
  return B;
}

/** Makes the rounds of all processors and writes their addresses into the table B. */
export function pairOff(B: usize, processors: u32): void {
  const rounds = ceilLog2(processors);
  for (let i: u32 = 0; i < processors; i++) {
    const I = local(i, flags + (rounds + 1) * FLAG);
    store<u32>(I, 1);
    write(B + i * 4, <u32>I);
  }
  for (let i: u32 = 0; i < processors; i++) {
    for (let k: u32 = 1; k <= rounds; k++) {
      const mine: usize = read(B + i * 4) + k * ROUND;
      const myRole = roleOf(i, k, processors);
      store<u32>(mine + role, myRole);
      if (myRole == DROPOUT || myRole == BYE) continue;
      const half = 1 << (k - 1);
      const rival = myRole == LOSER ? i - half : i + half;
      store<u32>(mine + opponent, read(B + rival * 4) + flags + k * FLAG);
    }
  }
}

export function attach(B: usize, processor: u32): usize {
  return read(B + processor * 4);
}

export function barrier(B: usize, I: usize): void {
  const sense = load<u32>(I);
  let round = I + ROUND;
  let flag = I + flags + FLAG;
  // The roles of round 1 are all other than DROPOUT, except on a machine of one processor.
  while (load<u32>(round + role) != DROPOUT) {
    const mine = load<u32>(round + role);
    if (mine == LOSER) {
      write(load<u32>(round + opponent), sense);
      while (read(flag) != sense) pause();
      break;
    }
    if (mine != BYE) {
      while (read(flag) != sense) pause();
      if (mine == CHAMPION) {
        write(load<u32>(round + opponent), sense);
        break;
      }
    }
    round += ROUND;
    flag += FLAG;
  }
  while (round > I) {
    round -= ROUND;
    if (load<u32>(round + role) == WINNER) write(load<u32>(round + opponent), sense);
  }
  store<u32>(I, sense ^ 1);
}
