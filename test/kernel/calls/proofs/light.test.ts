import { describe, expect, test } from "vitest";
import { type Change, COPYING, compileHarness, explore, IDLE_INSTRUCTIONS } from "./compile.js";

/** A call in user mode takes the interrupts that are pending, after which the kernel looks whether the domain is alive. */
const MACHINE = `${IDLE_INSTRUCTIONS}
import { fetch_and_store, write } from "../atomics";
import { processor } from "../machine";
import { execute } from "../harness";

const PENDING: usize = 0xd000;

export function set_global(instance: u32, global: u32, value: u32): void {}
export function copy_context(): u32 { return 1; }
export function call(instance: u32, entry: u32, a: u32, b: u32, c: u32, d: u32, e: u32, f: u32): u32 {
  return execute(a, b);
}
export function interrupt(to: u32, number: u32): void { write(PENDING + 128 * to, 1); }
/** Whether an interrupt was pending. */
export function poll(): bool { return fetch_and_store(PENDING + 128 * processor(), 0) != 0; }
`;

const DISPATCHER = `
import { Domain } from "./domain";
import { Thread } from "./thread";
export let current: Thread | null = null;
export let caching: bool = false;
export function become(thread: Thread): void { current = thread; }
export function enter(domain: Domain): void {}
export function cross(domain: Domain): bool { return false; }
export function makeReady(thread: Thread): void {}
export function suspend(): void {}
export function arrived(): void {}
export function handOff(to: Thread): void {}
export function endThread(): void {}
export function stopHere(): void {}
export function makeReadyHere(thread: Thread): void {}
export function yieldHere(): void {}
`;

/**
 * The last processor terminates the server's domain, with \`ends\` 1. All others call, with A-stacks of one queue; with
 * \`queued\` 0 all with the same one, as no honest client does.
 */
const HARNESS = `
import { fetch_and_increment, read, test_and_set, write } from "./atomics";
import { give, queueBytes, take } from "./calls/a-stacks";
import { bindingOf, reserveBindings } from "./calls/binding";
import { become, current } from "./calls/dispatcher";
import { domainOf, reserveDomains } from "./calls/domain";
import { reserveStacks } from "./calls/e-stacks";
import { interfaceOf, reserveInterfaces } from "./calls/interfaces";
import { call } from "./calls/lrpc";
import { reserveMessages } from "./calls/message";
import { CallError } from "./calls/numbers";
import { reserveWorkers } from "./calls/ppc";
import { Thread } from "./calls/thread";
import { Information } from "./information";
import { fail, processor, processors } from "./machine";
import { terminate } from "./os/calls/termination";
import { poll } from "./privileged/machine";
import { beginMemory, reserve, reserved } from "./vm/physical";

const INFORMATION: usize = 0xf000;
const A_USED: usize = 0xd800;
const E_USED: usize = 0xdc00;
const ENDED: usize = 0xe000;
const TERMINATED: usize = 0xe080;
const SERVER: u32 = 2;
const NUMBER: u32 = 0x4100;
const FIRST: u32 = 0xc0000000;
let threads: usize = 0;
let queue: usize = 0;
let linkages: usize = 0;
let state: usize = 0;

export function init(calls: u32, queued: u32, aStacks: u32, eStacks: u32, ends: u32): void {
  const information = changetype<Information>(INFORMATION);
  information.processors = processors();
  information.imageCount = 3;
  begin();
  for (let number: u32 = 1; number <= SERVER; number++) {
    domainOf(number).number = number;
    domainOf(number).alive = true;
  }
  const exported = interfaceOf(SERVER);
  exported.ready = 1;
  exported.stackCount = eStacks;
  exported.stackBytes = 1;
  exported.stackPointer = -1;
  const binding = bindingOf(NUMBER);
  binding.client = domainOf(1);
  binding.server = domainOf(SERVER);
  binding.numberWord = NUMBER;
  binding.was = NUMBER;
  binding.procedures = 1;
  const descriptor = binding.procedure(0);
  descriptor.first = FIRST;
  descriptor.shift = 4;
  descriptor.count = aStacks;
  descriptor.linkages = linkages;
  store<u32>(state, 1, 4);
  for (let i: u32 = 0; i < aStacks; i++) give(queue, FIRST + 16 * i);
  for (let i: u32 = 0; i < processors(); i++) changetype<Thread>(threads + 128 * i).domain = domainOf(1);
}

function begin(): void {
  beginMemory(<u32>INFORMATION);
  reserveDomains();
  threads = reserve(128 * processors());
  reserveMessages(0, false, true);
  reserveWorkers(processor(), 0);
  reserveInterfaces();
  reserveStacks();
  state = (reserved() + 127) & ~127;
  reserveBindings();
  linkages = reserve(128 * 4);
  queue = reserve(queueBytes(4));
}

/** In the server's domain: nobody else is on the same stacks. */
export function execute(aStack: u32, eStack: u32): u32 {
  const a = A_USED + 128 * ((aStack - FIRST) / 16);
  const e = E_USED + 128 * eStack;
  if (test_and_set(a)) fail(1);
  if (test_and_set(e)) fail(2);
  const ended = poll();
  write(e, 0);
  write(a, 0);
  return ended && !current!.domain.alive ? <u32>CallError.CallFailed : 0;
}

export function run(calls: u32, queued: u32, aStacks: u32, eStacks: u32, ends: u32): void {
  begin();
  become(changetype<Thread>(threads + 128 * processor()));
  if (processor() == processors() - 1 && ends != 0) {
    if (terminate(SERVER) != 0) fail(3);
    write(TERMINATED, 1);
  } else {
    let failed = false;
    for (let i: u32 = 0; i < calls; i++) {
      const aStack = queued ? take(queue) : FIRST;
      // There are as many as callers.
      if (aStack == 0) fail(4);
      if (read(TERMINATED)) failed = true;
      const result = call(NUMBER, 0, aStack);
      if (result == 0) {
        if (failed) fail(5);
      } else if (result == CallError.CallFailed) {
        if (!ends) fail(6);
        failed = true;
      } else if (result == CallError.BadAStack ? queued != 0 : result != CallError.TooManyCalls) {
        fail(7);
      }
      if (queued) give(queue, aStack);
    }
  }
  if (fetch_and_increment(ENDED) + 1 < processors()) return;
  for (let i: u32 = 0; i < aStacks; i++) if (read(linkages + 128 * i) != 0) fail(8);
  if (load<u32>(queue, 4) != aStacks) fail(9);
}
`;

/** Tables that are as large as is needed. */
const SMALL: readonly Change[] = [
  { file: "calls/binding.ts", from: "const LINKAGES: u32 = 1024;", to: "const LINKAGES: u32 = 1;" },
  { file: "calls/interfaces.ts", from: "MOST_STACKS: u32 = 32;", to: "MOST_STACKS: u32 = 4;" },
];

const compile = (changes: readonly Change[]) =>
  compileHarness(
    {
      "harness.ts": HARNESS,
      "privileged/machine.ts": MACHINE,
      "calls/dispatcher.ts": DISPATCHER,
      "calls/copying.ts": COPYING,
    },
    [...SMALL, ...changes],
  );

describe("Lightweight calls in every order of the processors' steps", async () => {
  const right = await compile([]);

  test.each([
    // processors; calls, queued, A-stacks, E-stacks, ends
    [2, 2, 1, 2, 2, 0],
    [2, 2, 1, 2, 1, 0],
    [2, 2, 0, 1, 1, 0],
    [2, 2, 1, 1, 1, 1],
    [3, 1, 1, 2, 2, 1],
    [3, 1, 0, 1, 1, 1],
  ])(
    "with %d processors (calls %d, queued %d, A-stacks %d, E-stacks %d, ends %d): nobody shares stacks, nobody enters a domain that it was told is no more, all is given back",
    async (processors, ...load) => {
      const { violation, states } = await explore(right, processors, ...load);
      expect(violation?.message).toBeUndefined();
      expect(states).toBeGreaterThan(10);
    },
  );

  test.each([
    {
      bug: "a queue of A-stacks without its lock",
      file: "calls/a-stacks.ts",
      from: "  locks.acquire(queue, 0);\n  const count = load<u32>(queue, COUNT);\n  let aStack",
      to: "  const count = load<u32>(queue, COUNT);\n  let aStack",
      load: [2, 2, 1, 2, 2, 0],
    },
    {
      bug: "a queue that is given back before it is written",
      file: "calls/a-stacks.ts",
      from: "    write(queue + COUNT, count - 1);\n",
      to: "    locks.release(queue, 0);\n    write(queue + COUNT, count - 1);\n",
      load: [2, 2, 1, 2, 2, 0],
    },
    {
      bug: "a linkage that is claimed twice",
      file: "calls/linkage.ts",
      from: "  return !test_and_set(changetype<usize>(linkage));",
      to: "  if (linkage.claimed != 0) return false;\n  write(changetype<usize>(linkage), 1);\n  return true;",
      load: [2, 2, 0, 1, 1, 0],
    },
    {
      bug: "an E-stack that is taken from a call",
      file: "calls/e-stacks.ts",
      from: "    if (!claim(owner)) continue;\n",
      to: "",
      load: [2, 1, 1, 2, 1, 0],
    },
    {
      bug: "a call that is refused because its E-stack was taken meanwhile",
      file: "calls/lrpc.ts",
      from: "if (!claim(linkage) && !claimAgain(linkage, interfaceOf(server.number)))",
      to: "if (!claim(linkage))",
      load: [2, 2, 1, 2, 1, 0],
    },
    {
      bug: "E-stacks without their lock",
      file: "calls/e-stacks.ts",
      from: "  locks.acquire(changetype<usize>(exported), 0);\n  const stack",
      to: "  const stack",
      load: [2, 1, 1, 2, 2, 0],
    },
    {
      bug: "a linkage that nobody frees",
      file: "calls/lrpc.ts",
      from: "  free(linkage);\n  thread.domain = client;",
      to: "  thread.domain = client;",
      load: [2, 1, 1, 2, 2, 0],
    },
    {
      bug: "bindings that are not revoked",
      file: "os/calls/termination.ts",
      from: "  revokeBindings(number);\n",
      to: "",
      load: [2, 2, 1, 1, 1, 1],
    },
    {
      bug: "bindings that are revoked after their domain is dead",
      file: "os/calls/termination.ts",
      from: "  domainOf(number).alive = false;\n",
      to: "  domainOf(number).alive = false;\n  for (let p: u32 = 0; p < information.processors; p++) interrupt(p, TERMINATED);\n  revokeBindings(number);\n",
      also: {
        file: "os/calls/termination.ts",
        from: "  revokeBindings(number);\n  closeMessagePort",
        to: "  closeMessagePort",
      },
      load: [2, 2, 1, 1, 1, 1],
    },
  ])("finds $bug", async ({ file, from, to, also, load: [processors, ...load] }) => {
    const changes = also === undefined ? [{ file, from, to }] : [also, { file, from, to }];
    const { violation } = await explore(await compile(changes), processors!, ...load);
    expect(violation).toBeDefined();
  });
});
