import { describe, expect, test } from "vitest";
import { type Bindings, Processors, STOP } from "#machines/processor/processors.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { assemble } from "../program/assemble.js";
import { encode, vector } from "./encoder.js";
import { newMemory, onPlatform, ProcessorEngine } from "./engines.js";

const lower = (text: string) => createRegisterCode(assemble(text));

/** Processors of a module with 64 KiB of memory, the first of which is about to execute an export. */
function begun(text: string, name: string, parameters: (number | bigint)[] = [], bindings?: Bindings, count = 1) {
  const code = lower(text);
  const processors = new Processors(code, count, 65536, bindings);
  const index = code.module.exports.get(name)!.index;
  for (let processor = 0; processor < count; processor++) processors.begin(processor, index, parameters);
  return processors;
}

describe("Processors.run", () => {
  test("Processors.run stops at an access with all that a machine needs, and takes its result", () => {
    const text = `(module (memory 1 1 shared) (func (export "add") (param i32) (result i64)
      (i64.atomic.rmw32.add_u offset=4 (local.get 0) (i64.const -2))))`;
    const processors = begun(text, "add", [8]);
    const { stop } = processors;
    expect(processors.run(0, 0, 0)).toBe(STOP.readModifyWrite);
    expect([stop.address, stop.size, stop.atomic, stop.resultUsed, stop.operator]).toEqual([12, 4, true, true, 0]);
    expect([stop.low, stop.high]).toEqual([-2, 0]);
    expect(processors.run(0, -5, 0)).toBe(STOP.returned);
    expect(processors.results(0)).toEqual([0xfffffffbn]);
  });

  test("Processors.run counts instructions, not what takes a result, since the stop before", () => {
    const text = `(module (memory 1 1) (func (export "twice") (param i32) (result i32)
      (i32.add (i32.load (local.get 0)) (i32.load8_s (local.get 0)))))`;
    const processors = begun(text, "twice", [8]);
    expect(processors.run(0, 0, 0)).toBe(STOP.load);
    expect(processors.stop.instructions).toBe(1);
    expect(processors.run(0, 1, 0)).toBe(STOP.load);
    expect(processors.stop.instructions).toBe(1);
    expect(processors.run(0, 0xff, 0)).toBe(STOP.returned);
    expect(processors.stop.instructions).toBe(2);
    expect(processors.results(0)).toEqual([0]);
  });

  test("Processors.run comes back from an endless loop when its budget is used up, and goes on", () => {
    const processors = begun(`(module (func (export "spin") (loop $l (br $l))))`, "spin");
    processors.setBudget(1000);
    for (let i = 0; i < 3; i++) {
      expect(processors.run(0, 0, 0)).toBe(STOP.budget);
      expect(processors.stop.instructions).toBe(1000);
    }
  });

  test.each([
    ["i32.atomic.load (i32.const 2)", "unaligned atomic"],
    ["i32.atomic.load (i32.const 65536)", "memory access out of bounds"],
    ["i32.load offset=4294967295 (i32.const -1)", "memory access out of bounds"],
    ["i32.trunc_f32_s (f32.const nan)", "invalid conversion to integer"],
    ["i32.trunc_f32_s (f32.const inf)", "integer overflow"],
    ["i32.div_s (i32.const 0x80000000) (i32.const -1)", "integer overflow"],
    ["call_indirect (type $t) (i32.const 1)", "indirect call to null"],
    ["call_indirect (type $u) (i32.const 0) (i32.const 0)", "indirect call type mismatch"],
    ["call_indirect (type $t) (i32.const 2)", "table access out of bounds"],
    ["call $f", "call stack exhausted"],
    ["memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)", "wait on unshared memory"],
  ])("Processors.run traps at %s: %s", (instruction, reason) => {
    const text = `(module (memory 1 1) (type $t (func (result i32))) (type $u (func (param i32) (result i32)))
      (table 2 2 funcref) (elem (i32.const 0) $f)
      (func $f (export "f") (result i32) (${instruction})))`;
    const processors = begun(text, "f");
    expect(processors.run(0, 0, 0)).toBe(STOP.trap);
    expect(processors.trapMessage(0)).toMatch(reason);
  });

  test("Processors.run fills and copies memory in aligned pieces of up to 8 bytes, after the bounds", () => {
    const text = `(module (memory 1 1) (func (export "fill") (param i32 i32)
      (memory.fill (local.get 0) (i32.const 0xab) (local.get 1))))`;
    const processors = begun(text, "fill", [5, 20]);
    const pieces: number[][] = [];
    while (processors.run(0, 0, 0) === STOP.store) pieces.push([processors.stop.address, processors.stop.size]);
    expect(pieces).toEqual([
      [5, 1],
      [6, 2],
      [8, 8],
      [16, 8],
      [24, 1],
    ]);
    processors.begin(0, 0, [65530, 7]);
    expect(processors.run(0, 0, 0)).toBe(STOP.trap);
  });
});

describe("Bindings", () => {
  const TEXT = `(module
    (import "machine" "processor" (func $processor (result i32)))
    (import "machine" "work" (func $work (param i32)))
    (import "machine" "pause" (func $pause))
    (import "machine" "send" (func $send (param i32 i64) (result f64)))
    (table 1 funcref) (elem (i32.const 0) $processor) (type $t (func (result i32)))
    (func (export "who") (result i32) (i32.add (call $processor) (call_indirect (type $t) (i32.const 0))))
    (func (export "rest") (call $work (i32.const -1)) (call $pause) (call $work (i32.const 5)))
    (func (export "talk") (result f64) (f64.neg (call $send (i32.const 7) (i64.const -1)))))`;
  const bindings: Bindings = {
    machine: {
      processor: { kind: "constant per processor", value: (processor) => 10 * processor },
      work: { kind: "delay by argument" },
      pause: { kind: "delay", cycles: 2.5 },
    },
  };

  test("Bindings give every processor its own constant, without a stop, also through a table", () => {
    const processors = begun(TEXT, "who", [], bindings, 3);
    for (const processor of [0, 1, 2]) expect(processors.run(processor, 0, 0)).toBe(STOP.returned);
    expect([0, 1, 2].map((processor) => processors.results(processor))).toEqual([[0], [20], [40]]);
  });

  test("Bindings add delays up without a stop", () => {
    const processors = begun(TEXT, "rest", [], bindings);
    expect(processors.run(0, 0, 0)).toBe(STOP.returned);
    expect(processors.stop.delay).toBe(0xffffffff + 2.5 + 5);
  });

  test("Bindings that are left out stop with the arguments, and take the result", () => {
    const processors = begun(TEXT, "talk", [], bindings);
    expect(processors.run(0, 0, 0)).toBe(STOP.call);
    expect(processors.code.module.imports[processors.stop.import]!.name).toBe("send");
    expect(processors.arguments(0)).toEqual([7, -1n]);
    expect(processors.run(0, 0, 0x3ff00000)).toBe(STOP.returned);
    expect(processors.results(0)).toEqual([-1]);
  });
});

describe("Processors of several images", () => {
  const FIRST = `(module $first (import "machine" "processor" (func $processor (result i32)))
    (memory 1 1) (global $g (mut i32) (i32.const 3)) (data $d "ab")
    (func $sum (export "sum") (param i32) (result i32)
      (i32.add (i32.add (global.get $g) (call $processor)) (i32.load (local.get 0)))))`;
  const SECOND = `(module $second (memory 1 1) (table 2 funcref) (elem (i32.const 1) $quotient)
    (data $d "cdef") (type $t (func (param i32 i32) (result i32)))
    (func $quotient (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func (export "divide") (param i32 i32) (result i32)
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4))
      (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 1))))`;
  const bindings: Bindings = {
    machine: { processor: { kind: "constant per processor", value: (processor) => 100 * processor } },
  };

  function booted() {
    const code = lower(FIRST);
    const processors = new Processors(code, 3, 65536, bindings);
    const second = processors.load(lower(SECOND));
    processors.boot(1, second);
    for (const processor of [0, 2]) processors.begin(processor, code.module.exports.get("sum")!.index, [8]);
    return { processors, divide: second.code.module.exports.get("divide")!.index };
  }

  test("Processors.run executes each processor's own image, stop by stop", () => {
    const { processors, divide } = booted();
    processors.begin(1, divide, [-7, 2]);
    expect([0, 1, 2].map((processor) => processors.run(processor, 0, 0))).toEqual([STOP.load, STOP.store, STOP.load]);
    expect([0, 2, 1].map((processor) => processors.run(processor, 1, 0))).toEqual(Array(3).fill(STOP.returned));
    expect([0, 1, 2].map((processor) => processors.results(processor))).toEqual([[4], [-3], [204]]);
  });

  test("Processors.locationAt and trapMessage name the functions of the processor's image", () => {
    const { processors, divide } = booted();
    processors.begin(1, divide, [1, 0]);
    const places = [STOP.load, STOP.store].map((kind, processor) => {
      expect(processors.run(processor, 0, 0)).toBe(kind);
      return processors.locationAt(processor, processors.stop.pc).function;
    });
    expect(places).toEqual(["sum", "divide"]);
    expect(processors.run(1, 0, 0)).toBe(STOP.trap);
    expect(processors.trapMessage(1)).toBe("integer divide by zero in quotient");
  });

  test("Processors.boot begins anew, whatever the processor did", () => {
    const { processors, divide } = booted();
    expect(processors.run(2, 0, 0)).toBe(STOP.load);
    processors.boot(2, processors.load(lower(SECOND)));
    processors.begin(2, divide, [9, 3]);
    expect(processors.run(2, 0, 0)).toBe(STOP.store);
    expect(processors.run(2, 0, 0)).toBe(STOP.returned);
    expect(processors.results(2)).toEqual([3]);
  });
});

describe("Processors.unchanged", () => {
  const SPIN = `(module (memory 1 1 shared) (global $turns (mut i32) (i32.const 0))
    (func (export "wait") (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 0))))))
    (func (export "count") (loop $again (global.set $turns (i32.add (global.get $turns) (i32.const 1)))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 0)))))))`;

  test("Processors.unchanged finds that a spin does nothing but read, and that another one counts", () => {
    for (const [name, expected] of [
      ["wait", true],
      ["count", false],
    ] as const) {
      const processors = begun(SPIN, name);
      processors.run(0, 0, 0);
      expect(processors.unchanged(0), "nothing is remembered yet").toBe(false);
      processors.remember(0);
      processors.run(0, 0, 0);
      expect(processors.unchanged(0), name).toBe(expected);
      processors.run(0, 1, 0);
      expect(processors.unchanged(0), "after the end").toBe(false);
    }
  });
});

describe("Processors.restore", () => {
  test("Processors.restore goes back to a state, deep calls included, as often as it is asked to", () => {
    const text = `(module (memory 1 1) (func $sum (export "sum") (param $n i32) (result i32)
      (if (result i32) (local.get $n)
        (then (i32.add (local.get $n) (call $sum (i32.sub (local.get $n) (i32.const 1)))))
        (else (i32.load (i32.const 0))))))`;
    const processors = begun(text, "sum", [1000], {}, 2);
    expect(processors.run(0, 0, 0)).toBe(STOP.load);
    const state = processors.save(0);
    for (const [processor, value] of [
      [0, 1],
      [1, 2],
      [0, 3],
    ] as const) {
      processors.restore(processor, state);
      expect(processors.where(processor)).toHaveLength(1001);
      expect(processors.run(processor, value, 0)).toBe(STOP.returned);
      expect(processors.results(processor)).toEqual([500500 + value]);
    }
    processors.restore(0, state);
    expect(processors.save(0)).toEqual(state);
  });
});

test.each([
  ["beyond what 32 bits can address", 2 ** 30],
  ["by all that a number of 32 bits can say", -1],
  ["by one more than a table may have", 10_000_000],
  ["by as many as a table may have", 9_999_999],
])("Processors.run grows a table %s as the platform does", (_, entries) => {
  const bytes = assemble(`(module (table $t 1 funcref) (memory (export "memory") 1 1) (func $f)
    (elem (i32.const 0) $f) (func (export "grow") (param i32) (result i32) (local funcref)
      (table.grow $t (local.get 1) (local.get 0))) (func (export "size") (result i32) (table.size $t)))`);
  const code = createRegisterCode(bytes);
  const [processor, platform] = [new ProcessorEngine(code, newMemory(code)), onPlatform(bytes, code)];
  for (const [name, parameters] of [
    ["grow", [entries]],
    ["size", []],
  ] as const) {
    expect(processor.call(name, parameters)).toEqual(platform.call(name, parameters));
  }
});

test.each([
  ["passive", [5, 0x70]],
  ["declarative", [7, 0x70]],
])("Processors.run initializes a table from a %s segment as the platform does", (_, head) => {
  const bytes = encode({
    types: [{ parameters: [], results: [] }],
    functions: [{ type: 0, locals: [], body: [0x41, 0, 0x41, 0, 0x41, 1, 0xfc, 12, 0, 0] }],
    tables: [[0x70, 0, 1]],
    exports: [{ name: "f", kind: 0, index: 0 }],
    elements: [[...head, ...vector([[0xd2, 0, 0x0b]])]],
  });
  const code = createRegisterCode(bytes);
  const processor = new ProcessorEngine(code, newMemory(code));
  expect(processor.call("f", [])).toEqual(onPlatform(bytes, code).call("f", []));
});

describe("Processors' limit of calls", () => {
  /** A recursion so many calls deep that then reads memory, with a table that grows before if its entries are not 0. */
  const RECURSION = `(module (memory 1 1) (table $t 1 funcref)
    (func $down (param $n i32) (result i32)
      (if (result i32) (local.get $n)
        (then (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))
        (else (i32.load (i32.const 0)))))
    (func (export "f") (param $n i32) (param $entries i32) (result i32) (local $null funcref)
      (drop (table.grow $t (local.get $null) (local.get $entries)))
      (call $down (local.get $n))))`;

  /** The deepest recursion that does not exhaust the stack. */
  function deepest(entries: number): number {
    const reaches = (depth: number) => begun(RECURSION, "f", [depth, entries]).run(0, 0, 0) === STOP.load;
    let low = 1;
    let high = 1 << 20;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (reaches(middle)) low = middle;
      else high = middle;
    }
    return low;
  }

  test("Processors' limit of calls is the same whatever blocks of memory their state happens to have", () => {
    const depth = deepest(0);
    expect(depth).toBeGreaterThan(10_000);
    for (const entries of [1, 100, 200_000, 400_000]) expect(deepest(entries), `${entries} entries`).toBe(depth);
  });

  test.each([0, 200_000])(
    "Processors.restore restores the deepest state there is, with a table grown by %i",
    (entries) => {
      const depth = deepest(entries);
      const processors = begun(RECURSION, "f", [depth, entries], {}, 2);
      expect(processors.run(0, 0, 0)).toBe(STOP.load);
      const state = processors.save(0);
      processors.restore(1, state);
      expect(processors.run(1, 5, 0)).toBe(STOP.returned);
      expect(processors.results(1)).toEqual([depth + 5]);
      const exhausted = begun(RECURSION, "f", [depth + 1, entries]);
      expect(exhausted.run(0, 0, 0)).toBe(STOP.trap);
      expect(exhausted.trapMessage(0)).toMatch(/^call stack exhausted in /);
    },
  );
});

describe("Processors", () => {
  test("Processors begin with the module's globals and active elements; machines write data and call start", () => {
    const code = lower(`(module (memory 1 1) (global $g (export "g") (mut i64) (i64.const -7))
      (data (i32.const 6) "abc") (start $begin)
      (func $begin (global.set $g (i64.add (global.get $g) (i64.load8_u (i32.const 7)))))
      (func (export "f")))`);
    const engine = new ProcessorEngine(code, newMemory(code));
    expect(engine.global("g")).toBe(98n - 7n);
  });

  test("Processors refuse a module whose active segments do not fit, as the platform does", () => {
    const element = lower(`(module (table 1 1 funcref) (func $f) (elem (i32.const 1) $f))`);
    expect(() => new Processors(element, 1, 0)).toThrow("element segment 0: table access out of bounds");
    const data = lower(`(module (memory 1 1) (data (i32.const 65534) "abc"))`);
    expect(() => new ProcessorEngine(data, newMemory(data))).toThrow("data segment 0: memory access out of bounds");
  });

  test("Processors.extend gives zeroed room that stays what it is while the memory grows, until 4 GiB are full", () => {
    const processors = begun(`(module (func (export "end")))`, "end");
    const { buffer, address } = processors.extend(100);
    const room = new Uint8Array(buffer, address, 100);
    expect(room.every((byte) => byte === 0)).toBe(true);
    expect(address % 16).toBe(0);
    room.fill(7);
    const next = processors.extend(2 ** 30);
    expect(next.address).toBeGreaterThanOrEqual(address + 100);
    expect(new Uint8Array(next.buffer, address, 101)).toEqual(new Uint8Array([...room, 0]));
    expect(() => processors.extend(2 ** 32 - 1)).toThrow(/Cannot keep 4294967295 bytes beside/);
    expect(processors.run(0, 0, 0)).toBe(STOP.returned);
  });

  test("Processors.begin refuses too few arguments", () => {
    const code = lower(`(module (func (export "f") (param i32 i32)))`);
    expect(() => new Processors(code, 1, 0).begin(0, 0, [1])).toThrow("received 1 arguments; expected 2");
  });
});
