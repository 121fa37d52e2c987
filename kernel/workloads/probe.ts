/**
 * What the computer can do at this moment: the cost of passing a cache line between two processors, and the speed of
 * one. Virtual machines drift in both; comparisons take only measurements between probes that agree.
 */
import { compare_and_swap } from "../atomics";
import { processor } from "../machine";

/** Dependent instructions in one turn of `probe_instructions`. */
const CHAIN: u32 = 8;

/** To be executed by two processors, `word` being 0: each adds 1 to it in turn, `trips` times, by compare_and_swap. */
export function probe_round_trips(word: usize, trips: u32): void {
  const me = processor();
  for (let trip: u32 = 0; trip < trips; trip++) {
    const mine = 2 * trip + me;
    while (!compare_and_swap(word, mine, mine + 1));
  }
}

/** Executes a chain of about `instructions` instructions each of which needs the result of the one before. */
export function probe_instructions(instructions: u32): u32 {
  let x: u32 = 1;
  for (let i: u32 = 0; i < instructions; i += CHAIN) {
    x = rotl(x, 1) ^ i;
    x = rotl(x, 3) ^ i;
    x = rotl(x, 5) ^ i;
    x = rotl(x, 7) ^ i;
  }
  return x;
}
