import { beforeAll, describe, expect, test } from "vitest";
import { type CheckOptions, check, type Mode } from "#machines/machines/checked/index.js";
import type { Program } from "#machines/program/program.js";
import { compileProgram } from "./compiled.js";

const EXHAUSTIVE = ["executions", "states"] as const;
const ALL: readonly Mode[] = [...EXHAUSTIVE, "bounded", "random"];

const COUNTER = `
export enum Operation { increment = 0, read = 1 }
const COUNT: usize = 64;

export function specification(operation: u32, argument: u32): u32 {
  const before = load<u32>(COUNT);
  if (operation == Operation.increment) store<u32>(COUNT, before + 1);
  return before;
}
export function exact(): void {
  invoke(Operation.increment, 0);
  answer(atomic.add<u32>(COUNT, 1));
}
export function lossy(): void {
  invoke(Operation.increment, 0);
  const before = atomic.load<u32>(COUNT);
  atomic.store<u32>(COUNT, before + 1);
  answer(before);
}
export function twice(): void { exact(); exact(); }
export function reader(): void {
  invoke(Operation.read, 0);
  answer(atomic.load<u32>(COUNT));
}
export function cached(): void {
  const before = atomic.load<u32>(COUNT);
  invoke(Operation.read, 0);
  answer(before);
}
export function neverAnswers(): void {
  invoke(Operation.increment, 0);
  atomic.add<u32>(COUNT, 1);
  memory.atomic.wait32(COUNT + 64, 0, -1);
}
export function answersUnasked(): void { answer(0); }
export function asksTwice(): void { invoke(Operation.read, 0); invoke(Operation.read, 0); }
export function faulty(operation: u32, argument: u32): u32 { return load<u32>(0xfffffff0); }
let count: u32 = 0;
export function inGlobals(operation: u32, argument: u32): u32 {
  return operation == Operation.increment ? count++ : count;
}
`;

describe("check with a specification", () => {
  let program: Program;
  const run = (entries: readonly string[], options: Partial<CheckOptions> = {}) =>
    check(program, { entries, specification: "specification", ...options });
  beforeAll(async () => {
    program = await compileProgram(COUNTER);
  });

  test.each(ALL)("check passes a counter that is incremented in one step: %s", async (mode) => {
    const { violation } = await run(["twice", "exact", "reader"], { mode, executions: 500 });
    expect(violation).toBeUndefined();
  });

  test.each(ALL)("check finds a counter that is read and written in two steps: %s", async (mode) => {
    const { violation } = await run(["lossy", "lossy"], { mode });
    expect(violation).toMatchObject({ kind: "history", message: expect.stringContaining("increment(0) -> 0") });
  });

  test("check names the shortest way to a history that nothing explains", async () => {
    const { violation } = await run(["lossy", "lossy"], { mode: "states" });
    // Each invokes, loads, stores and returns.
    expect(violation!.schedule).toHaveLength(8);
    expect(violation!.steps).toHaveLength(8);
    expect(violation!.message).toBe(
      "no order of the operations explains their results: processor 0: increment(0) -> 0; processor 1: increment(0) -> 0",
    );
  });

  test.each(EXHAUSTIVE)("check finds a result that is older than the question: %s", async (mode) => {
    expect((await run(["exact", "cached"], { mode })).violation?.kind).toBe("history");
    expect((await run(["exact", "reader"], { mode })).violation).toBeUndefined();
  });

  test.each(EXHAUSTIVE)("check lets an operation that never returns take effect: %s", async (mode) => {
    const { violation } = await run(["neverAnswers", "reader", "exact"], { mode });
    expect(violation?.kind).toBe("deadlock");
  });

  test("check keeps the globals of a specification from operation to operation", async () => {
    const { violation } = await run(["twice", "exact", "reader"], { specification: "inGlobals" });
    expect(violation).toBeUndefined();
    expect((await run(["lossy", "lossy"], { specification: "inGlobals" })).violation?.kind).toBe("history");
  });

  test("check says what is wrong with the marks", async () => {
    expect((await run(["answersUnasked"])).violation).toMatchObject({
      kind: "failure",
      message: "Cannot record the history of processor 0: received a return; expected an invocation",
    });
    expect((await run(["asksTwice"])).violation?.message).toMatch(/received an invocation; expected a return/);
  });

  test("check says what is wrong with the specification", async () => {
    await expect(run(["exact"], { specification: "faulty" })).rejects.toThrow(
      /Cannot specify operation 0 by faulty: received memory access out of bounds in .*; expected its result, or fail/,
    );
    await expect(run(["exact"], { specification: "lossy" })).rejects.toThrow(/received 2 arguments; expected 0/);
  });
});

test("check finds that what waits in a store buffer has not happened", async () => {
  const program = await compileProgram(`
    export enum Operation { write = 0, read = 1 }
    export function specification(operation: u32, register: u32): u32 {
      if (operation == Operation.read) return load<u32>(register);
      store<u32>(register, 1);
      return 0;
    }
    function write(register: usize): void {
      invoke(Operation.write, register);
      store<u32>(register, 1);
      answer(0);
    }
    function read(register: usize): void {
      invoke(Operation.read, register);
      answer(load<u32>(register));
    }
    export function first(): void { write(64); read(128); }
    export function second(): void { write(128); read(64); }
  `);
  for (const mode of EXHAUSTIVE) {
    const options = { entries: ["first", "second"], specification: "specification", mode, races: false };
    expect((await check(program, options)).violation).toBeUndefined();
    expect((await check(program, { ...options, model: "tso" })).violation?.kind).toBe("history");
  }
});

/** Nodes of 16 bytes: value, next; from 1024 on, 8 for each processor. */
const STACK = `
export enum Operation { push = 0, pop = 1 }
const HEAD: usize = 64;
const NODES: usize = 1024;

function node(owner: u32, index: u32): usize { return NODES + 16 * (8 * owner + index); }

function push(node: usize, value: u32): void {
  atomic.store<u32>(node, value);
  let head: u32;
  do {
    head = atomic.load<u32>(HEAD);
    atomic.store<u32>(node + 4, head);
  } while (atomic.cmpxchg<u32>(HEAD, head, <u32>node) != head);
}
/** The node; 0 if there is none. */
function pop(): usize {
  let head: u32;
  let next: u32;
  do {
    head = atomic.load<u32>(HEAD);
    if (head == 0) return 0;
    next = atomic.load<u32>(head + 4);
  } while (atomic.cmpxchg<u32>(HEAD, head, next) != head);
  return head;
}
function valueOf(node: usize): u32 { return node == 0 ? 0 : atomic.load<u32>(node); }

function markedPush(node: usize, value: u32): void { invoke(Operation.push, value); push(node, value); answer(0); }
function markedPop(): usize {
  invoke(Operation.pop, 0);
  const node = pop();
  answer(valueOf(node));
  return node;
}

export function init(): void { push(node(7, 0), 1); push(node(7, 1), 2); }

/** The same code, one operation after the other. */
let pushed: u32 = 0;
export function specification(operation: u32, argument: u32): u32 {
  if (operation == Operation.pop) return valueOf(pop());
  push(node(6, pushed++), argument);
  return 0;
}

export function pushes(): void { markedPush(node(processor(), 0), 3 + processor()); }
export function pops(): void { markedPop(); }
export function popsTwice(): void { markedPop(); markedPop(); }
/** Pops two and pushes the first one's node again: ABA. */
export function recycles(): void {
  const first = markedPop();
  markedPop();
  if (first != 0) markedPush(first, 9);
}
export function fresh(): void {
  const first = markedPop();
  markedPop();
  if (first != 0) markedPush(node(processor(), 0), 9);
}
`;

describe("check of Treiber's stack", () => {
  let program: Program;
  const run = (entries: readonly string[], mode: Mode, options: Partial<CheckOptions> = {}) =>
    check(program, { entries, specification: "specification", init: { entry: "init" }, mode, ...options });
  beforeAll(async () => {
    program = await compileProgram(STACK);
  });

  test.each(EXHAUSTIVE)("check passes it where no node comes back: %s", async (mode) => {
    expect((await run(["popsTwice", "fresh"], mode)).violation).toBeUndefined();
    expect((await run(["pushes", "pushes", "pops"], mode)).violation).toBeUndefined();
  });

  test.each(ALL)("check finds that a node which comes back loses others (ABA): %s", async (mode) => {
    const { violation } = await run(["popsTwice", "recycles"], mode, { depth: 3, executions: 20_000 });
    expect(violation).toMatchObject({ kind: "history", message: expect.stringMatching(/pop\(0\) -> \d/) });
  });
});
