/**
 * Tournament barrier with a global flag: arrivals as in the tournament barrier; the champion then flips one word that all
 * losers read. The critical path is ceil(log2 P) + 1 references where one write reaches all, not 2 ceil(log2 P).
 *
 *     B              | globalsense | rounds[P] |        the flag has a line of its own; then the tournament's addresses
 *     rounds[i]      as in the tournament barrier
 *
 * Invariant: as for the tournament barrier's arrival; a loser's own flags stay unused. globalsense differs from every
 * waiter's sense until the champion has seen all arrive.
 *
 * One processor has no round, and flips the flag for nobody.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 10 with the wakeup of Algorithm 7, Figure 10
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, shared } from "../memory/placement";
import { BYE, CHAMPION, FLAG, flags, LOSER, opponent, pairOff, ROUND, role, WINNER } from "./tournament";

const rounds: u32 = CACHE_LINE;

export function create(processors: u32): usize {
  const B = shared(rounds + processors * 4);
  pairOff(B + rounds, processors);
  return B;
}

export function attach(B: usize, processor: u32): usize {
  return read(B + rounds + processor * 4);
}

export function barrier(B: usize, I: usize): void {
  const sense = load<u32>(I);
  let round = I + ROUND;
  let flag = I + flags + FLAG;
  while (load<u32>(round + role) == WINNER || load<u32>(round + role) == BYE) {
    if (load<u32>(round + role) == WINNER) {
      while (read(flag) != sense) pause();
    }
    round += ROUND;
    flag += FLAG;
  }
  if (load<u32>(round + role) == LOSER) {
    write(load<u32>(round + opponent), sense);
    while (read(B) != sense) pause();
  } else {
    if (load<u32>(round + role) == CHAMPION) {
      while (read(flag) != sense) pause();
    }
    write(B, sense);
  }
  store<u32>(I, sense ^ 1);
}
