import { describe, expect, test } from "vitest";
import { type Change, compileHarness, explore, IDLE_INSTRUCTIONS } from "./compile.js";

/**
 * Processor 0 idles in domain 1 and executes what is sent, until it has something else to do, after `rounds` times that it
 * idles no more. All others send a thread there once, if it idles; each thread is a word with a number of its own.
 */
const HARNESS = `
import { fetch_and_increment, read, test_and_set, write } from "./atomics";
import { claimIdle, idleIn, idleNoMore, reservePlaces, send, sent } from "./calls/caching";
import { Thread } from "./calls/thread";
import { Information } from "./information";
import { fail, processor, processors } from "./machine";
import { beginMemory, NONE } from "./vm/physical";

const INFORMATION: usize = 0xf000;
const THREADS: usize = 0xd000;
const SENT: usize = 0xd800;
const DONE: usize = 0xd880;

export function init(rounds: u32): void {
  const information = changetype<Information>(INFORMATION);
  information.processors = processors();
  information.imageCount = 2;
}

/** A thread is executed once for each time that it is sent. */
function execute(thread: Thread): void {
  const at = changetype<usize>(thread);
  if (read(at) != 1) fail(1);
  write(at, 2);
}

export function run(rounds: u32): void {
  beginMemory(<u32>INFORMATION);
  reservePlaces();
  if (processor() == 0) {
    for (let i: u32 = 0; i < rounds; i++) {
      idleIn(1);
      let thread = sent();
      if (thread === null) thread = idleNoMore();
      if (thread !== null) execute(thread);
      // Nothing is on its way to a processor that does not idle.
      if (sent() !== null) fail(2);
    }
  } else {
    const thread = THREADS + 128 * processor();
    const to = claimIdle(1);
    if (to != NONE) {
      if (to != 0) fail(3);
      write(thread, 1);
      send(changetype<Thread>(thread), to);
    }
  }
  if (fetch_and_increment(DONE) + 1 < processors()) return;
  // What was sent has been executed.
  for (let p: u32 = 1; p < processors(); p++) if (read(THREADS + 128 * p) == 1) fail(4);
}
`;

const FILE = "calls/caching.ts";

const compile = (changes: readonly Change[]) =>
  compileHarness({ "harness.ts": HARNESS, "privileged/machine.ts": IDLE_INSTRUCTIONS }, changes);

describe("Domain caching in every order of the processors' steps", async () => {
  const right = await compile([]);

  test.each([
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ])("with %d processors, %d rounds: who is sent is executed, once", async (processors, rounds) => {
    const { violation, states } = await explore(right, processors, rounds);
    expect(violation?.message).toBeUndefined();
    expect(states).toBeGreaterThan(10);
  });

  test.each([
    {
      bug: "a processor that two have claimed",
      from: "    if (fetch_and_store(placeOf(p), 0) != 0) return p;",
      to: "    write(placeOf(p), 0);\n    return p;",
      load: [3, 1],
    },
    {
      bug: "a processor that leaves a thread on its way",
      from: "  if (fetch_and_store(placeOf(processor()), 0) != 0) return null;",
      to: "  write(placeOf(processor()), 0);\n  return sent();",
      load: [2, 1],
    },
    {
      bug: "a thread that is taken and stays",
      from: "  if (thread != 0) write(place + SENT, 0);\n",
      to: "",
      load: [2, 2],
    },
  ])("finds $bug", async ({ from, to, load: [processors, rounds] }) => {
    const { violation } = await explore(await compile([{ file: FILE, from, to }]), processors!, rounds!);
    expect(violation).toBeDefined();
  });
});
