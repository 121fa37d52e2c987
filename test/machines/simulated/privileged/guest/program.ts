/** The guest's program: a function for each walk, in the order of walks.ts. It has a page of data, and a global. */
import { processor, processors } from "../../../../../kernel/machine";
import { context, trap } from "../../../../../kernel/privileged";
import { Call } from "./calls";
import { ask } from "./others";

const DATA: usize = memory.data<u32>([71, 72, 73]);

/** Words of pages that are zero at first, by the pages' bytes. */
const FIRST: u32 = 16;
/** What the kernel sets. */
const FLAG: usize = 0x18000;

export let count: u32 = 5;

function say(value: u32): void {
  trap(Call.Say, value, 0, 0, 0);
}

export function asks(a: u32): u32 {
  say(ask(0x100000002, 3));
  say(context());
  return trap(Call.Sum, a, a + 1, a + 2, a + 3) + 1;
}

export function touches(pageBytes: u32): u32 {
  const first: usize = FIRST * pageBytes;
  let sum = load<u32>(first);
  store<u32>(first, 3);
  store<u32>(first + pageBytes, 4);
  sum += load<u32>(first) + load<u32>(first + pageBytes);
  say(sum);
  trap(Call.Drop, FIRST, 0, 0, 0);
  return sum + load<u32>(first) + load<u32>(first + pageBytes) + load<u32>(DATA, 4);
}

export function resizes(): u32 {
  say(memory.size());
  say(memory.grow(1));
  say(memory.size());
  say(atomic.wait<u32>(FLAG, 1, 1000));
  say(atomic.wait<u32>(FLAG, 0, 1000));
  return atomic.notify(FLAG, 7);
}

export function travels(times: u32): u32 {
  for (let i: u32 = 0; i < times; i++) {
    say(processor());
    trap(Call.Yield, 0, 0, 0, 0);
  }
  count += times;
  return count;
}

/** Says one number after the other, and lets others go on after each. */
export function alternates(first: u32): u32 {
  for (let i = first; i < first + 3; i++) {
    say(i);
    trap(Call.Yield, 0, 0, 0, 0);
  }
  return processors();
}

export function waits(): u32 {
  atomic.store<u32>(FLAG, 0);
  while (!atomic.load<u32>(FLAG)) {}
  return atomic.load<u32>(FLAG);
}

export function works(): u32 {
  say(trap(Call.Work, 0, 0, 0, 0));
  return 8;
}

export function says(value: u32): u32 {
  say(value);
  return value;
}

export function reads(address: u32): u32 {
  return load<u32>(address);
}

export function exits(status: u32): u32 {
  say(status);
  trap(Call.Exit, status, 0, 0, 0);
  say(0);
  return 0;
}

export function divides(by: u32): u32 {
  return 1 / by;
}

export function spins(): u32 {
  while (!atomic.load<u32>(FLAG)) {}
  return 0;
}

export function nests(): u32 {
  const nested = trap(Call.Nest, 0, 0, 0, 0);
  say(nested);
  return nested + 1;
}

export function forks(): u32 {
  store<u32>(FLAG, 1);
  const child = trap(Call.Fork, 0, 0, 0, 0) == 0;
  count += child ? 100 : 10;
  store<u32>(FLAG, load<u32>(FLAG) + count);
  say(count);
  return load<u32>(FLAG);
}

export function asksServer(a: u32): u32 {
  const answer = trap(Call.Serve, a, 0, 0, 0);
  say(answer);
  return answer + 1;
}

/** A server that keeps its caller's thread until the kernel sets the flag. */
export function captures(a: u32): u32 {
  atomic.store<u32>(FLAG, 0);
  while (!atomic.load<u32>(FLAG)) {}
  say(a);
  return a;
}
