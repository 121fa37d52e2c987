import { describe, expect, test } from "vitest";
import { type Change, compileHarness, explore, IDLE_INSTRUCTIONS } from "./compile.js";

/** A processor sleeps until an interrupt is pending; those of one number merge. */
const MACHINE = `${IDLE_INSTRUCTIONS}
import { fetch_and_store, read, write } from "../atomics";
import { processor } from "../machine";

const PENDING: usize = 0xd000;

export function interrupt(to: u32, number: u32): void {
  atomic.or<u32>(PENDING + 128 * to, 1 << number);
  atomic.notify(PENDING + 128 * to);
}

/** The interrupts that are pending, which are so no more. */
export function take(): u32 {
  const pending = PENDING + 128 * processor();
  while (read(pending) == 0) atomic.wait<u32>(pending, 0, -1);
  return fetch_and_store(pending, 0);
}

export function call(i: u32, e: u32, a: u32, b: u32, c: u32, d: u32, x: u32, f: u32): u32 { return 0; }
`;

/**
 * Each processor has a thread of its own, which goes on where it waits, and helpers, which it executes when it has nothing
 * else. A thread that is ready twice is an error.
 */
const DISPATCHER = `
import { fetch_and_store, read, test_and_set } from "../atomics";
import { fail } from "../machine";
import { interrupt, take } from "../privileged/machine";
import { handle } from "../harness";
import { Thread } from "./thread";

const READY: usize = 0xe000;
const WAKE: u32 = 2;
export let current: Thread | null = null;
let helpers: Thread | null = null;
export function become(thread: Thread): void { current = thread; }
export function arrived(): void {}

export function makeReady(thread: Thread): void {
  if (test_and_set(READY + 128 * thread.number)) fail(1);
  interrupt(thread.number, WAKE);
}

export function makeReadyHere(thread: Thread): void {
  if (thread.entry == 0) {
    if (test_and_set(READY + 128 * thread.number)) fail(1);
    return;
  }
  thread.next = helpers;
  helpers = thread;
}

export function yieldHere(): void {
  for (let helper = helpers; helper !== null; helper = helpers) {
    helpers = helper.next;
    call_indirect<void>(helper.entry, changetype<u32>(helper));
  }
}

export function suspend(): void {
  while (fetch_and_store(READY + 128 * current!.number, 0) == 0) handle(take());
}
`;

const THREAD = `
import { fail } from "../machine";
import { reserve } from "../vm/physical";
import { Domain } from "./domain";

@unmanaged
export class Thread {
  next: Thread | null;
  number: u32;
  entry: u32;
  domain: Domain;
  request: usize;
}

export function createThread(entry: u32, domain: Domain): Thread | null {
  const thread = changetype<Thread>(helperRoom);
  helperRoom += 128;
  if (++helpers > 2) fail(4);
  thread.entry = entry;
  return thread;
}

let helpers: u32 = 0;
let helperRoom: usize = 0;
export function setHelperRoom(address: usize): void { helperRoom = address; }
`;

/** The procedure answers what it is asked and 1. */
const PPC = `
import { Domain } from "./domain";
import { Thread } from "./thread";
export function call(binding: u32, procedure: u32, a: u32, b: u32, c: u32, d: u32): u32 { return a + 1; }
export function serve(thread: Thread, client: Domain, binding: u32, p: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  return a + 1;
}
`;

/**
 * Processors 0 to \`callers\` - 1 call on the processor \`target\`; with \`mutual\` that calls on 0 meanwhile. Where \`stop\` is 1
 * the last processor stops the target, at any moment, and with \`mutual\` the target's thread goes on elsewhere.
 */
const HARNESS = `
import { fetch_and_increment, read } from "./atomics";
import { become, suspend, yieldHere } from "./calls/dispatcher";
import { domainOf, reserveDomains } from "./calls/domain";
import { CallError } from "./calls/numbers";
import { callOn, closeInbox, interrupted, openInboxes, REMOTE, reserveInboxes } from "./calls/remote-ppc";
import { setHelperRoom, Thread } from "./calls/thread";
import { Information } from "./information";
import { fail, processor, processors } from "./machine";
import { interrupt, take } from "./privileged/machine";
import { beginMemory, reserve } from "./vm/physical";

const INFORMATION: usize = 0xf000;
const ENDED: usize = 0xf800;
const STOP: u32 = 20;
const OVER: u32 = 21;
let threads: usize = 0;
let stopped: bool = false;
let over: bool = false;

export function init(callers: u32, calls: u32, target: u32, mutual: u32, stop: u32): void {
  const information = changetype<Information>(INFORMATION);
  information.processors = processors();
  information.imageCount = 3;
  begin();
  openInboxes();
  domainOf(1).alive = true;
  for (let i: u32 = 0; i < processors(); i++) {
    const thread = changetype<Thread>(threads + 512 * i);
    thread.number = i;
    thread.domain = domainOf(1);
  }
}

function begin(): void {
  beginMemory(<u32>INFORMATION);
  reserveDomains();
  threads = reserve(512 * processors());
  reserveInboxes(processors());
  setHelperRoom(threads + 512 * processor() + 128);
}

/** What a processor does when it is interrupted. */
export function handle(interrupts: u32): void {
  if (interrupts & (1 << REMOTE)) interrupted();
  if (interrupts & (1 << STOP)) {
    closeInbox();
    stopped = true;
  }
  if (interrupts & (1 << OVER)) over = true;
  yieldHere();
}

export function run(callers: u32, calls: u32, target: u32, mutual: u32, stop: u32): void {
  begin();
  const me = processor();
  become(changetype<Thread>(threads + 512 * me));
  const parties = callers + mutual;
  if (stop && me == processors() - 1) {
    interrupt(target, STOP);
    return;
  }
  if (me < callers) callMany(target, calls, stop != 0);
  else if (mutual) callMany(0, calls, false);
  if (me < callers || mutual) {
    if (fetch_and_increment(ENDED) + 1 == parties) for (let p: u32 = 0; p < processors(); p++) interrupt(p, OVER);
  }
  while (!over) handle(take());
}

function callMany(to: u32, calls: u32, stops: bool): void {
  let refused = false;
  for (let i: u32 = 0; i < calls; i++) {
    const result = callOn(to, 2, 0, 10 * i, 0, 0, 0);
    if (stops && result == CallError.ProcessorStopped) refused = true;
    else if (refused || result != 10 * i + 1) fail(2);
  }
}
`;

const REMOTE = "calls/remote-ppc.ts";
/** A helper's function is executed for one request. */
const ENDS: readonly Change[] = [
  { file: REMOTE, from: "  while (true) {\n    const request", to: "  {\n    const request" },
  { file: REMOTE, from: "    helpers = thread;\n    suspend();\n", to: "    helpers = thread;\n" },
];

const compile = (changes: readonly Change[]) =>
  compileHarness(
    {
      "harness.ts": HARNESS,
      "privileged/machine.ts": MACHINE,
      "calls/dispatcher.ts": DISPATCHER,
      "calls/thread.ts": THREAD,
      "calls/ppc.ts": PPC,
    },
    [...ENDS, ...changes],
  );

const LOAD =
  "with %d processors (%d callers of %d calls on %d, which calls %d, stops %d): every call is answered, or refused";

describe("Protected procedure calls on another processor, in every order of the processors' steps,", async () => {
  const right = await compile([]);

  async function everyCallEnds(processors: number, ...load: number[]): Promise<void> {
    const { violation, states } = await explore(right, processors, ...load);
    expect(violation?.message).toBeUndefined();
    expect(states).toBeGreaterThan(10);
  }

  test.each([
    // processors; callers, calls, target, whether the target calls, too, whether it stops
    [2, 1, 2, 1, 0, 0],
    [2, 1, 2, 1, 1, 0],
    [3, 2, 1, 2, 0, 0],
    [3, 1, 2, 1, 0, 1],
    [3, 1, 1, 1, 1, 1],
    [3, 1, 2, 1, 1, 1],
  ])(LOAD, everyCallEnds);

  test.each([[4, 2, 1, 2, 0, 1]])(LOAD, { tags: ["long"] }, everyCallEnds);

  test.each([
    {
      bug: "a request to a processor that has stopped",
      from: "  const open = inbox.open != 0;\n",
      to: "  const open = true;\n",
      load: [3, 1, 2, 1, 0, 1],
    },
    {
      bug: "a processor that stops with requests in its inbox",
      from: "    else answer(request, CallError.ProcessorStopped);\n",
      to: "",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "an inbox that is closed without its lock",
      from: "  if (!open) inbox.open = 0;\n  lock.release(changetype<usize>(inbox), 0);\n",
      to: "  lock.release(changetype<usize>(inbox), 0);\n  if (!open) inbox.open = 0;\n",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "an inbox that is closed once it was empty",
      from: "  for (let request = empty(inboxOf(processor()), false);",
      to: "  const late = inboxOf(processor());\n  empty(late, true);\n  for (let request = empty(late, false);",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "answers to a processor that has stopped",
      from: "  if (!post(request, request.from)) makeReady(caller);",
      to: "  post(request, request.from);",
      load: [3, 1, 1, 1, 1, 1],
    },
    {
      bug: "answers in the inbox of a processor that stops",
      from: "    if (request.answered) makeReady(request.caller);\n    else answer",
      to: "    if (!request.answered) answer",
      load: [3, 1, 1, 1, 1, 1],
    },
    {
      bug: "an interrupt before the request is there",
      from: "  lock.acquire(changetype<usize>(inbox), 0);\n  const open = inbox.open != 0;",
      to: "  interrupt(to, REMOTE);\n  lock.acquire(changetype<usize>(inbox), 0);\n  const open = inbox.open != 0;",
      more: [{ from: "  if (open) interrupt(to, REMOTE);\n", to: "" }],
      load: [2, 1, 1, 1, 0, 0],
    },
    {
      bug: "a request that is looked at when it has been answered",
      from: "    const next = request.next;\n    if (request.answered) makeReady(request.caller);\n    else answer(request, CallError.ProcessorStopped);\n    request = next;",
      to: "    if (request.answered) makeReady(request.caller);\n    else answer(request, CallError.ProcessorStopped);\n    request = request.next;",
      load: [4, 2, 1, 2, 0, 1],
    },
    {
      bug: "an inbox whose last request is not there any more",
      from: "  inbox.last = null;\n",
      to: "",
      load: [2, 1, 2, 1, 0, 0],
    },
    {
      bug: "a result that comes after its caller is ready",
      from: "  if (!post(request, request.from)) makeReady(caller);",
      to: "  if (!post(request, request.from)) makeReady(caller);\n  request.result = result;",
      load: [2, 1, 1, 1, 0, 0],
    },
  ] as { bug: string; from: string; to: string; more?: readonly { from: string; to: string }[]; load: number[] }[])(
    "finds $bug",
    async ({ from, to, more = [], load: [processors, ...load] }) => {
      const program = await compile([{ from, to }, ...more].map((change) => ({ file: REMOTE, ...change })));
      const { violation } = await explore(program, processors!, ...load);
      expect(violation).toBeDefined();
    },
  );
});
