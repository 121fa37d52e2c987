/**
 * Calls between protection domains on this computer. Domains are instances on one thread, and kernel/native/calls is their kernel:
 * a lightweight call stays in WebAssembly, and crosses to the kernel's instance and to the server's. Messages go to another
 * thread. The ways take turns round by round.
 */
import { host } from "#host";
import type { NativeMachine } from "../machines/native/machine.js";
import { createMemory, type Program } from "../program/program.js";
import { PAGE } from "../wasm/module.js";
import { type Measurement, unitOf } from "./measurement.js";

/** As scripts/build-native-calls.mjs compiles them. */
export interface NativeCallsCode {
  readonly kernel: WebAssembly.Module;
  readonly client: WebAssembly.Module;
  readonly server: WebAssembly.Module;
  /** Messages between two processors. */
  readonly exchange: Program;
}

export interface NativeCallsEffort {
  readonly rounds: number;
  /** Milliseconds of each way in each round. */
  readonly milliseconds: number;
}

export interface NativeCallsOptions extends NativeCallsEffort {
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly progress?: (step: { done: number; total: number }) => void;
}

/** Procedures, by what they take and give; as in kernel/calls/procedures.ts. */
const NULL = "Null";
const BIG = "BigInOut";
const BIG_BYTES = 200;

export const DIRECT = "direct call";
export const CHECKED = "checked binding";

/** By how many looks at the word of the turn the other thread waits before it sleeps: about 1 ms, and none. */
const SPINNING = 10_000;

/** Where the modules are compiled for; scripts/build-native-calls.mjs. Information lies below the A-stacks. */
const PAGES = 80;
const INFORMATION = 0x300000;
const CLIENT = 1;
const SERVER = 2;
/** The table's places after the kernel's own. */
const PROCEDURES = ["lrpcNull", "lrpcAdd", "lrpcBigIn", "lrpcBigInOut", "lrpcTouch", "lrpcBigInOutSafe"];
const PAGE_BYTES = 4096;

type Function = (...parameters: number[]) => number;

/**
 * Makes the three instances, has the clerk export the interface, and binds the client to it.
 *
 * @returns the client's functions
 * @throws {Error} if the client cannot be bound
 */
export function bootNativeCalls(code: NativeCallsCode): Readonly<Record<string, Function>> {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536, shared: true });
  const table = new WebAssembly.Table({ initial: 64, element: "anyfunc" });
  const kernel = exportsOf(code.kernel, { env: { memory, table } });
  const machine = { trap: kernel.trap! };
  const server = exportsOf(code.server, { env: { memory }, machine });
  const client = exportsOf(code.client, { env: { memory }, machine, checked: kernel, server });
  const first = table.grow(PROCEDURES.length);
  for (const [i, name] of PROCEDURES.entries()) table.set(first + i, server[name]);
  writeInformation(new DataView(memory.buffer), first);
  kernel.boot!(INFORMATION);
  kernel.enter_image!(SERVER);
  const exported = server.lrpc!();
  kernel.enter_image!(CLIENT);
  const bound = client.bind_to!(SERVER);
  if (exported !== 0 || bound !== 0) {
    throw new Error(`Cannot bind to the server: received ${exported} of its clerk and ${bound}; expected 0 of both`);
  }
  return client;
}

function exportsOf(module: WebAssembly.Module, imports: object): Record<string, Function> {
  return new WebAssembly.Instance(module, imports as WebAssembly.Imports).exports as Record<string, Function>;
}

/** What kernel/information.ts has: three images, of which the server exports procedures; `first`: the place of the first one. */
function writeInformation(view: DataView, first: number): void {
  const images = INFORMATION + 256;
  const exported = images + 3 * 64;
  const names = exported + PROCEDURES.length * 16;
  const words = (at: number, values: readonly number[]) => {
    for (const [i, value] of values.entries()) view.setUint32(at + 4 * i, value, true);
  };
  // Page bytes, frames, processors, walks, spaces, nodes, devices, images, arguments, clock.
  words(INFORMATION, [PAGE_BYTES, INFORMATION / PAGE_BYTES, 1, 0, 1, 1, 0, 0, images, 3, 0, 0, 0]);
  const IMAGE_BYTES = 13 * 4;
  for (let image = 0; image < 3; image++) {
    const count = image === SERVER ? PROCEDURES.length : 0;
    // Code above all addresses, memory up to the information, no start function, exports.
    const memory = INFORMATION / PAGE;
    words(images + image * IMAGE_BYTES, [2 ** 32 / PAGE_BYTES, 1, memory, memory, 2 ** 32 - 1, exported, count]);
  }
  let name = names;
  for (const [i, text] of PROCEDURES.entries()) {
    words(exported + i * 16, [0, first + i, name, text.length]);
    for (const character of text) view.setUint8(name++, character.charCodeAt(0));
  }
}

/** What is measured: one call's nanoseconds, of so many milliseconds' calls. */
interface Way {
  readonly algorithm: string;
  readonly procedure: string;
  readonly processors: number;
  measure(milliseconds: number): Promise<number>;
}

/**
 * Measures lightweight calls on this thread, and messages between two threads of the machine.
 *
 * @throws {Error} if an answer was wrong
 */
export async function evaluateNativeCalls(
  machine: NativeMachine,
  code: NativeCallsCode,
  options: NativeCallsOptions,
): Promise<Measurement[]> {
  const { rounds, milliseconds, seed, signal, progress } = options;
  const ways = [...instanceWays(bootNativeCalls(code)), ...threadWays(machine, code.exchange, signal)];
  const load = host.load();
  const rows: Measurement[] = [];
  // One more goes before them, in which code is compiled and threads start.
  for (let round = -1; round < rounds; round++) {
    progress?.({ done: round + 1, total: rounds + 1 });
    for (const { algorithm, procedure, processors, measure } of ways) {
      signal?.throwIfAborted();
      const value = await measure(milliseconds);
      if (round < 0) continue;
      rows.push({
        machine: machine.name,
        workload: "call",
        algorithm,
        processors,
        metric: "callCycles",
        value,
        unit: unitOf("callCycles", machine.unit),
        seed,
        repetition: round,
        cpu: machine.title,
        cores: machine.cores,
        node: host.node,
        pinned: processors > 1 && machine.pinned,
        load,
        detail: procedure,
      });
    }
    // Other work of this thread's has its turn.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return rows;
}

function instanceWays(client: Readonly<Record<string, Function>>): Way[] {
  const way = (algorithm: string, procedure: string, entry: string): Way => {
    let calls = 1000;
    return {
      algorithm,
      procedure,
      processors: 1,
      async measure(milliseconds) {
        for (;;) {
          const begin = performance.now();
          const wrong = client[entry]!(calls);
          const elapsed = performance.now() - begin;
          expectRight(wrong, `${algorithm}, ${procedure}`);
          if (elapsed >= milliseconds / 2) return (elapsed * 1e6) / calls;
          calls *= 2;
        }
      },
    };
  };
  return [
    way(DIRECT, NULL, "direct_null"),
    way(CHECKED, NULL, "checked_null"),
    way("lrpc", NULL, "lrpc_null"),
    way(DIRECT, BIG, "direct_big"),
    way(CHECKED, BIG, "checked_big"),
    way("lrpc", BIG, "lrpc_big"),
  ];
}

function threadWays(machine: NativeMachine, exchange: Program, signal: AbortSignal | undefined): Way[] {
  const way = (algorithm: string, procedure: string, bytes: number, looks: number): Way => {
    let calls = 100;
    return {
      algorithm,
      procedure,
      processors: 2,
      async measure(milliseconds) {
        for (;;) {
          const memory = createMemory(exchange);
          const at = memory.grow(1) * PAGE;
          const { durations, results } = await machine.run(exchange, "exchange", {
            processors: 2,
            arguments: [at, calls, bytes, looks],
            memory,
            ...(signal && { signal }),
          });
          expectRight(Number(results[0]) + Number(results[1]), `${algorithm}, ${procedure}`);
          const elapsed = durations[0]!;
          if (elapsed >= (milliseconds / 2) * 1e6) return elapsed / calls;
          calls *= 2;
        }
      },
    };
  };
  const sleeping = "message, sleeping";
  // Two that spin on one core would wait for the operating system to take turns.
  const spinning = machine.cores > 1 ? [{ name: "message, spinning", looks: SPINNING }] : [];
  return [...spinning, { name: sleeping, looks: 0 }].flatMap(({ name, looks }) => [
    way(name, NULL, 0, looks),
    way(name, BIG, BIG_BYTES, looks),
  ]);
}

function expectRight(wrong: number, what: string): void {
  if (wrong !== 0) throw new Error(`Cannot measure calls, ${what}: received ${wrong} wrong answers; expected none`);
}
