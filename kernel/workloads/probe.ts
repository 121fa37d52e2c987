/**
 * What a computer can do at this moment: the cost of passing a cache line between two processors, the speed of one, and
 * the other base costs from which its model is made. Virtual machines drift in all of them; comparisons take only
 * measurements between probes that agree.
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../atomics";
import { pause, processor } from "../machine";

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

/** Adds 1 to a word `additions` times, by fetch_and_increment. */
export function probe_read_modify_writes(word: usize, additions: u32): void {
  for (let i: u32 = 0; i < additions; i++) fetch_and_increment(word);
}

/** Loads `loads` words, the first from `address`, each further one from the address that the one before held. */
export function probe_chase(address: usize, loads: u32): usize {
  for (let i: u32 = 0; i < loads; i++) address = load<u32>(address);
  return address;
}

export function probe_pauses(pauses: u32): void {
  for (let i: u32 = 0; i < pauses; i++) pause();
}

/**
 * To be executed by two processors, `word` being 0: each adds 1 to it in turn, `trips` times, and sleeps until it is its
 * turn again.
 */
export function probe_wakes(word: usize, trips: u32): void {
  const me = processor();
  for (let trip: u32 = 0; trip < trips; trip++) {
    const mine = 2 * trip + me;
    for (let seen = read(word); seen != mine; seen = read(word)) atomic.wait<u32>(word, seen, -1);
    write(word, mine + 1);
    atomic.notify(word, 1);
  }
}
