/**
 * Tournament barrier over messages: in each round the loser of a pair, fixed beforehand, sends to the winner and waits
 * until it is woken; the champion wakes the losers down the same tree. State is that of the dissemination barrier over
 * messages.
 *
 * Processor i wins the rounds k = 1, 2, ... while i mod 2^k = 0, against i + 2^(k-1) or, past the last processor,
 * against nobody (a bye), and then loses to i - 2^(k-1); processor 0 never loses. These are the roles of the tournament
 * over memory, read from the number's bits.
 *
 * Invariant: an ordered pair of processors meets in one round at most, so its nth message is that of episode n: up the
 * tree the loser's arrival, and with it that of all below it, down the tree its wakeup.
 *
 * An episode touches no memory but the private record.
 *
 * @source Hensgen, Finkel & Manber, IJPP 17(1), 1988; Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 10
 * @communicates messages
 * @waits receiving
 * @spins nowhere
 * @signals one
 */
import { receive, send } from "../machine";
import { ARRIVED, processorOf, processorsOf } from "./dissemination-messages";

export { attach, create } from "./dissemination-messages";

/** Says that all have arrived. */
const WAKEUP: u32 = 2;

export function barrier(B: usize, I: usize): void {
  const i = load<u32>(I + processorOf);
  const P = load<u32>(I + processorsOf);
  let half: u32 = 1;
  for (; half < P && (i & half) == 0; half <<= 1) {
    if (i + half < P) receive(i + half);
  }
  // Where rounds are left, this one is lost.
  if (half < P) {
    send(i - half, ARRIVED);
    receive(i - half);
  }
  while (half > 1) {
    half >>= 1;
    if (i + half < P) send(i + half, WAKEUP);
  }
}
