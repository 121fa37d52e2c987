import { describe, expect, test } from "vitest";
import { type Change, COPYING, compileHarness, explore, IDLE_INSTRUCTIONS } from "./compile.js";

/** A thread is a processor of the checked machine: to wait is to sleep, and to be woken twice an error. */
const DISPATCHER = `
import { read, test_and_set, write } from "../atomics";
import { fail } from "../machine";
import { Thread } from "./thread";

const WOKEN: usize = 0xe000;
export let current: Thread | null = null;
export function become(thread: Thread): void { current = thread; }

export function makeReady(thread: Thread): void {
  const woken = WOKEN + 128 * thread.number;
  if (test_and_set(woken)) fail(1);
  atomic.notify(woken);
}

export function suspend(): void {
  const woken = WOKEN + 128 * current!.number;
  while (read(woken) == 0) atomic.wait<u32>(woken, 0, -1);
  write(woken, 0);
}

export function handOff(to: Thread): void {
  makeReady(to);
  suspend();
}
`;

const MACHINE = `${IDLE_INSTRUCTIONS}
export function interrupt(processor: u32, number: u32): void {}
export function call(i: u32, e: u32, a: u32, b: u32, c: u32, d: u32, x: u32, f: u32): u32 { return 0; }
`;

/**
 * Processors 0 to \`clients\` - 1 call, then come the server's threads, and the last one closes the port: at once, or when all
 * clients have their answers.
 */
const HARNESS = `
import { fetch_and_increment, read } from "./atomics";
import { become } from "./calls/dispatcher";
import { Domain, domainOf, reserveDomains } from "./calls/domain";
import { closePort, openPorts, receive, reserveMessages, send } from "./calls/message";
import { CallError, isError } from "./calls/numbers";
import { Thread } from "./calls/thread";
import { Information } from "./information";
import { fail, processor, processors } from "./machine";
import { beginMemory, reserve } from "./vm/physical";

const INFORMATION: usize = 0xf000;
const ENDED: usize = 0xf800;
const SERVER: u32 = 2;
const ANSWER: u32 = 1000;
let threads: usize = 0;

export function init(clients: u32, calls: u32, early: u32, lock: u32, handoff: u32): void {
  const information = changetype<Information>(INFORMATION);
  information.processors = processors();
  information.imageCount = 3;
  begin(lock, handoff);
  openPorts();
  domainOf(1).alive = true;
  domainOf(SERVER).alive = true;
  for (let i: u32 = 0; i < processors(); i++) {
    const thread = changetype<Thread>(threads + 128 * i);
    thread.number = i;
    domainOf(1).number = 1;
    domainOf(SERVER).number = SERVER;
    thread.domain = domainOf(i < clients ? 1 : SERVER);
  }
}

function begin(lock: u32, handoff: u32): void {
  beginMemory(<u32>INFORMATION);
  reserveDomains();
  threads = reserve(128 * processors());
  reserveMessages(2, lock != 0, handoff != 0);
}

export function run(clients: u32, calls: u32, early: u32, lock: u32, handoff: u32): void {
  begin(lock, handoff);
  const me = processor();
  become(changetype<Thread>(threads + 128 * me));
  const M = reserve(128 * processors()) + 128 * me;
  if (me < clients) {
    callServer(M, calls, early);
    fetch_and_increment(ENDED);
    atomic.notify(ENDED);
  } else if (me == processors() - 1) {
    if (!early) for (let n = read(ENDED); n < clients; n = read(ENDED)) atomic.wait<u32>(ENDED, n, -1);
    closePort(SERVER);
  } else {
    serve(M);
  }
}

function callServer(M: usize, calls: u32, early: u32): void {
  let failed = false;
  for (let i: u32 = 0; i < calls; i++) {
    const tag = 10 * processor() + i;
    store<u32>(M, tag);
    const bytes = send(SERVER, tag, <u32>M, 4);
    if (bytes == CallError.CallFailed && early) failed = true;
    else if (failed || bytes != 4 || load<u32>(M) != tag + ANSWER) fail(2);
  }
}

function serve(M: usize): void {
  let bytes: u32 = 0;
  while (true) {
    const call = receive(<u32>M, bytes);
    if (isError(call)) return;
    if ((call & 0xffff) != load<u32>(M) || call >> 16 != 4) fail(3);
    store<u32>(M, load<u32>(M) + ANSWER);
    bytes = 4;
  }
}
`;

const MESSAGE = "calls/message.ts";
/** Nothing is above \`call\` in the harness: a thread that abandons returns. */
const ENDS: readonly Change[] = [
  {
    file: MESSAGE,
    from: "    giveBack(packet, 0);\n    abandon(CallError.CallFailed);",
    to: "    return giveBack(packet, CallError.CallFailed);",
  },
  {
    file: MESSAGE,
    from: "    if (caller !== null) makeReady(caller);\n    end();\n    abandon(CallError.CallFailed);",
    to: "    if (caller !== null) makeReady(caller);\n    end();\n    return CallError.CallFailed;",
  },
  {
    file: MESSAGE,
    from: "    makeReady(packet.caller);\n    end();\n    abandon(CallError.CallFailed);",
    to: "    makeReady(packet.caller);\n    end();\n    return CallError.CallFailed;",
  },
  {
    file: MESSAGE,
    from: "  if (thread.packet == 0) {\n    end();\n    abandon(CallError.CallFailed);",
    to: "  if (thread.packet == 0) {\n    end();\n    return CallError.CallFailed;",
  },
];

const compile = (bug?: { readonly from: string; readonly to: string }) =>
  compileHarness(
    {
      "harness.ts": HARNESS,
      "privileged/machine.ts": MACHINE,
      "calls/dispatcher.ts": DISPATCHER,
      "calls/copying.ts": COPYING,
    },
    [...ENDS, ...(bug === undefined ? [] : [{ file: MESSAGE, ...bug }])],
  );

describe("Messages, in every order of the threads' steps,", async () => {
  const right = await compile();

  test.each([
    // processors; clients, calls, whether the port closes early, the global lock, handoff
    [3, 1, 2, 0, 0, 1],
    [3, 1, 2, 1, 0, 1],
    [3, 1, 2, 1, 1, 1],
    [3, 1, 2, 1, 0, 0],
    [4, 1, 1, 1, 0, 1],
    [4, 2, 1, 0, 0, 1],
    [4, 2, 1, 0, 1, 1],
    [4, 2, 1, 1, 1, 1],
  ])(
    "with %d processors (%d clients of %d calls, port closes early %d, global lock %d, handoff %d): every call is answered, or fails",
    async (processors, ...load) => {
      const { violation, states } = await explore(right, processors, ...load);
      expect(violation?.message).toBeUndefined();
      expect(states).toBeGreaterThan(10);
    },
  );

  test("with 4 processors, ports' own locks, and a port that closes beside two clients", { tags: "long" }, async () => {
    expect((await explore(right, 4, 2, 1, 1, 0, 1)).violation?.message).toBeUndefined();
  });

  test.each([
    {
      bug: "a call that is answered while it fails",
      from: "  if (mine) packet.state = State.Answering;\n",
      to: "",
      load: [3, 1, 2, 1, 0, 1],
    },
    {
      bug: "an answer to a call that has failed",
      from: "  const mine = port.open != 0;\n",
      to: "  const mine = true;\n",
      load: [3, 1, 2, 1, 0, 1],
    },
    {
      bug: "a call that fails while it is copied",
      from: "    if (packet.domain != domain ||",
      to: "    if (packet.state == State.Handed) packet.state = State.Served;\n    if (packet.domain != domain ||",
      load: [3, 1, 2, 1, 0, 1],
    },
    {
      bug: "a call that does not fail once it is copied",
      from: "  packet.state = open ? State.Served : State.Failed;\n  release(port);\n  if (!open) {",
      to: "  packet.state = State.Served;\n  release(port);\n  if (!open && packet.state != State.Served) {",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "a call to a port that has closed",
      from: "  if (!port.open) {\n    release(port);\n    return false;\n  }\n",
      to: "",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "a thread that waits at a port that has closed",
      from: "  port.waiting = null;\n  port.first = null;",
      to: "  waiting = null;\n  port.waiting = null;\n  port.first = null;",
      load: [3, 1, 1, 0, 0, 1],
    },
    {
      bug: "queued calls that are forgotten",
      from: "(packet.state != State.Queued && packet.state != State.Served)",
      to: "packet.state != State.Served",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "served calls that are forgotten",
      from: "(packet.state != State.Queued && packet.state != State.Served)",
      to: "packet.state != State.Queued",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "a global lock that is not handed on",
      from: "    to.handed = true;\n",
      to: "",
      load: [3, 1, 1, 0, 1, 1],
    },
    {
      bug: "a global lock that nobody gives back",
      from: "    if (to !== null) makeReady(to);\n    end();\n",
      to: "    if (to !== null) makeReady(to);\n",
      load: [3, 1, 1, 0, 1, 0],
    },
    {
      bug: "a queue whose last call is not there any more",
      from: "    if (next.next === null) port.last = null;\n",
      to: "",
      load: [4, 2, 1, 0, 0, 1],
    },
    {
      bug: "a list of waiting threads that keeps who serves",
      from: "    port.waiting = server.next;\n",
      to: "",
      load: [4, 2, 1, 0, 0, 1],
    },
    {
      bug: "a port that is looked at without its lock",
      from: "  acquire(port);\n  if (caller !== null) served.state = State.Answered;",
      to: "  acquire(port);\n  release(port);\n  if (caller !== null) served.state = State.Answered;",
      load: [3, 1, 1, 1, 0, 1],
    },
    {
      bug: "a packet that is free before its answer is read",
      from: "  const whole = packet.bytes == 0 || copyFromKernel(thread.domain, message, packet);",
      to: "  free.give(address);\n  const whole = packet.bytes == 0 || copyFromKernel(thread.domain, message, packet);\n  if (whole) {\n    end();\n    return packet.bytes;\n  }",
      load: [4, 2, 2, 0, 0, 1],
    },
  ] as const)("finds $bug", async ({ from, to, load: [processors, ...load] }) => {
    const { violation } = await explore(await compile({ from, to }), processors, ...load);
    expect(violation).toBeDefined();
  });
});
