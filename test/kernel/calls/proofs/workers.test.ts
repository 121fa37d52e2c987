import { describe, expect, test } from "vitest";
import { type Change, COPYING, compileHarness, explore, IDLE_INSTRUCTIONS } from "./compile.js";

/**
 * Instances are numbered, used by one call at a time, and released once. A call in user mode takes the interrupts that are
 * pending; the timer may come, too, after which the kernel looks whether the domain is alive.
 */
const MACHINE = `${IDLE_INSTRUCTIONS.replace(/export function (create_instance|release|context)\(.*\n/g, "")}
import { fetch_and_increment, fetch_and_store, read, test_and_set, write } from "../atomics";
import { fail, processor } from "../machine";
import { execute } from "../harness";

const PENDING: usize = 0xd000;
export const CREATED: usize = 0xd800;
export const RELEASED: usize = 0xd880;
const USED: usize = 0xe000;

export function context(): u32 { return 1; }
export function create_instance(image: u32, original: u32): u32 { return fetch_and_increment(CREATED) + 1; }

export function release(instance: u32): void {
  if (test_and_set(USED + 128 * instance)) fail(5);
  fetch_and_increment(RELEASED);
}

export function call(instance: u32, entry: u32, a: u32, b: u32, c: u32, d: u32, x: u32, f: u32): u32 {
  if (test_and_set(USED + 128 * instance)) fail(6);
  const result = execute(a);
  write(USED + 128 * instance, 0);
  return result;
}

export function interrupt(to: u32, number: u32): void {
  write(PENDING + 128 * to, 1);
  atomic.notify(PENDING + 128 * to);
}

/** Whether an interrupt was pending. */
export function poll(): bool { return fetch_and_store(PENDING + 128 * processor(), 0) != 0; }

export function wait(): void {
  const pending = PENDING + 128 * processor();
  while (read(pending) == 0) atomic.wait<u32>(pending, 0, -1);
  write(pending, 0);
}
`;

const DISPATCHER = `
import { Domain } from "./domain";
import { Thread } from "./thread";
export let current: Thread | null = null;
export function become(thread: Thread): void { current = thread; }
export function enter(domain: Domain): void {}
export function makeReady(thread: Thread): void {}
export function makeReadyHere(thread: Thread): void {}
export function suspend(): void {}
export function arrived(): void {}
export function handOff(to: Thread): void {}
export function yieldHere(): void {}
export function stopHere(): void {}
`;

/**
 * The last processor is a timer, which interrupts one call once; the one before terminates the server's domain. All others
 * call, and call on from within with \`depth\` 1.
 */
const HARNESS = `
import { fetch_and_increment, fetch_and_store, read, write } from "./atomics";
import { become, current } from "./calls/dispatcher";
import { domainOf, reserveDomains } from "./calls/domain";
import { reserveMessages } from "./calls/message";
import { CallError } from "./calls/numbers";
import { call, fillWorkers, openPort, reserveWorkers } from "./calls/ppc";
import { Thread } from "./calls/thread";
import { Information } from "./information";
import { fail, processor, processors } from "./machine";
import { domainsEnded, terminate } from "./os/calls/termination";
import { CREATED, poll, RELEASED, wait } from "./privileged/machine";
import { beginMemory, reserve } from "./vm/physical";

const INFORMATION: usize = 0xf000;
const ENDED: usize = 0xf800;
const TIMER: usize = 0xf880;
const SERVER: u32 = 2;
let threads: usize = 0;
let interrupted: bool = false;

export function init(calls: u32, depth: u32): void {
  const information = changetype<Information>(INFORMATION);
  information.processors = processors();
  information.imageCount = 3;
  begin();
  fillWorkers();
  for (let number: u32 = 1; number <= SERVER; number++) {
    domainOf(number).number = number;
    domainOf(number).alive = true;
  }
  openPort(SERVER, 0);
  for (let i: u32 = 0; i < processors(); i++) changetype<Thread>(threads + 128 * i).domain = domainOf(1);
}

function begin(): void {
  beginMemory(<u32>INFORMATION);
  reserveDomains();
  threads = reserve(128 * processors());
  reserveMessages(0, false, true);
  reserveWorkers(processor(), 6);
}

/** In the server's domain: a is what the procedure adds 1 to, and from 100 on, how often it calls on. */
export function execute(a: u32): u32 {
  let result = a + 1;
  if (a >= 100) {
    const inner = call(SERVER, 0, a - 100, 0, 0, 0);
    if (inner != a - 99 && inner != CallError.CallFailed) fail(3);
  }
  const timer = fetch_and_store(TIMER, 0) != 0;
  const ended = poll();
  if (ended) {
    interrupted = true;
    domainsEnded();
  }
  return (ended || timer) && !current!.domain.alive ? <u32>CallError.CallFailed : result;
}

export function run(calls: u32, depth: u32): void {
  begin();
  become(changetype<Thread>(threads + 128 * processor()));
  if (processor() == processors() - 1) {
    write(TIMER, 1);
  } else if (processor() == processors() - 2) {
    if (terminate(SERVER) != 0) fail(1);
  } else {
    let failed = false;
    for (let i: u32 = 0; i < calls; i++) {
      const a = 100 * depth + i;
      const result = call(SERVER, 0, a, 0, 0, 0);
      if (result == CallError.CallFailed) failed = true;
      else if (failed || result != a + 1) fail(2);
    }
    if (!interrupted) {
      wait();
      domainsEnded();
    }
  }
  // Once all processors have taken their interrupts nothing is left of the domain.
  if (fetch_and_increment(ENDED) + 1 == processors() && read(CREATED) != read(RELEASED)) fail(4);
}
`;

const PPC = "calls/ppc.ts";
const TERMINATION = "os/calls/termination.ts";
/** Nothing is above \`call\` in the harness: a thread that abandons returns. */
const ENDS: readonly Change[] = [
  {
    file: PPC,
    from: "  if (!client.alive) abandon(CallError.CallFailed);\n  return result;",
    to: "  return client.alive ? result : <u32>CallError.CallFailed;",
  },
];

const compile = (changes: readonly Change[]) =>
  compileHarness(
    {
      "harness.ts": HARNESS,
      "privileged/machine.ts": MACHINE,
      "calls/dispatcher.ts": DISPATCHER,
      "calls/copying.ts": COPYING,
    },
    [...ENDS, ...changes],
  );

describe("Workers beside the end of their domain, in every order of the processors' steps,", async () => {
  const right = await compile([]);

  test.each([
    // processors; calls, depth
    [3, 1, 0],
    [3, 2, 0],
    [3, 1, 1],
  ])(
    "with %d processors (calls %d, depth %d): one call uses a worker at a time, none calls a domain that it was told is no more, all is given back",
    async (processors, ...load) => {
      const { violation, states } = await explore(right, processors, ...load);
      expect(violation?.message).toBeUndefined();
      expect(states).toBeGreaterThan(10);
    },
  );

  test("with 4 processors, two of which call", { tags: "long" }, async () => {
    expect((await explore(right, 4, 1, 0)).violation?.message).toBeUndefined();
  });

  test.each([
    {
      bug: "a domain that is dead before its port is closed",
      file: TERMINATION,
      from: "  closeMessagePort(number);\n  closePort(number);\n  domainOf(number).alive = false;\n",
      to: "  domainOf(number).alive = false;\n  closeMessagePort(number);\n  closePort(number);\n",
      load: [3, 2, 0],
    },
    {
      bug: "a worker that stays in its cache while it serves",
      file: PPC,
      from: "    store<usize>(slot, changetype<usize>(worker.next));\n",
      to: "",
      load: [3, 2, 1],
    },
    {
      bug: "a worker of a closed port that is kept",
      file: PPC,
      from: "  if (isOpen(port)) keep(worker, binding);\n  else drop(worker);",
      to: "  keep(worker, binding);",
      load: [3, 1, 0],
    },
    {
      bug: "a worker that is dropped and kept",
      file: PPC,
      from: "  else drop(worker);\n  return result;",
      to: "  else {\n    drop(worker);\n    keep(worker, binding);\n  }\n  return result;",
      load: [3, 1, 0],
    },
    {
      bug: "one cache for all processors",
      file: PPC,
      from: "reserve(information.processors * bytes) + processor * bytes;",
      to: "reserve(information.processors * bytes);",
      load: [4, 2, 0],
    },
    {
      bug: "workers of closed ports that nobody drops",
      file: PPC,
      from: "    if (isOpen(portOf(domain))) continue;\n",
      to: "    if (!isOpen(portOf(domain))) continue;\n",
      load: [3, 1, 0],
    },
    {
      bug: "an instance that is not released",
      file: PPC,
      from: "  release(worker.instance);\n",
      to: "",
      load: [3, 1, 0],
    },
  ])("finds $bug", async ({ file, from, to, load: [processors, ...load] }) => {
    const { violation } = await explore(await compile([{ file, from, to }]), processors!, ...load);
    expect(violation).toBeDefined();
  });
});
