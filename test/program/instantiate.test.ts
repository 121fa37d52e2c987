import { expect, test } from "vitest";
import { GuestMemory } from "#machines/processor/memory.js";
import { Processors } from "#machines/processor/processors.js";
import { executeAlone, instantiate } from "#machines/program/instantiate.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { assemble } from "./assemble.js";

function load(text: string) {
  const contexts = new Processors(createRegisterCode(assemble(`(module ${text} (memory 1 2 shared))`)), 2, 65536, {
    machine: { processor: { kind: "constant per processor", value: (processor) => processor } },
  });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  return { contexts, guest: new GuestMemory(memory), words: new Int32Array(memory.buffer) };
}

test("instantiate executes the start function on each processor, whatever it does to memory", () => {
  const { contexts, guest, words } = load(`
    (import "machine" "processor" (func $processor (result i32)))
    (global $mine (export "mine") (mut i32) (i32.const 0))
    (start $begin)
    (func $begin
      (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 5)))
      (drop (i32.atomic.rmw.cmpxchg (i32.const 12) (i32.const 0) (i32.const 9)))
      (drop (memory.atomic.wait32 (i32.const 12) (i32.const 0) (i64.const -1)))
      (drop (memory.atomic.notify (i32.const 12) (i32.const 1)))
      (drop (memory.grow (i32.const 1)))
      (global.set $mine (i32.add (call $processor) (i32.mul (memory.size) (i32.const 10)))))`);
  for (const processor of [0, 1]) instantiate(contexts, processor, guest);
  expect([words[2], words[3]]).toEqual([10, 9]);
  expect([0, 1].map((processor) => contexts.global(processor, 0))).toEqual([20, 21]);
});

test.each([
  ["(unreachable)", /^unreachable in stuck$/],
  ["(call $fail (i32.const 7))", /^fail\(Late\)$/],
  ["(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))", /^it waits while no other/],
  ["(call $send (i32.const 1) (i32.const 2))", /^a send while no other processor runs$/],
])("executeAlone says why %s cannot be", (body, why) => {
  const { contexts, guest } = load(`
    (import "machine" "fail" (func $fail (param i32)))
    (import "machine" "send" (func $send (param i32 i32)))
    (global (export "Failure.Late") i32 (i32.const 7))
    (func $stuck (export "stuck") ${body})`);
  expect(() => executeAlone(contexts, 0, guest, 2)).toThrow(why);
});

test("executeAlone gives the function's results", () => {
  const { contexts, guest } = load("(func (param i32) (result i32 i32) (local.get 0) (i32.const 3))");
  expect(executeAlone(contexts, 1, guest, 0, [4])).toEqual([4, 3]);
});
