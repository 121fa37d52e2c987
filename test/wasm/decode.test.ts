/**
 * Modules written byte by byte, in every form that the format has for the same: on all lines of Node, as far as each
 * accepts it.
 */
import { describe, expect, test } from "vitest";
import { decode } from "#machines/wasm/decode.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { type Bytes, encode, type ModuleText, string, vector } from "../processor/encoder.js";
import { newMemory, onPlatform, ProcessorEngine } from "../processor/engines.js";

const LINE = Number(process.versions.node.split(".")[0]);

/**
 * A module with a function of that body, a memory, two tables, a data and an element segment, and a function to call.
 */
function moduleOf(body: Bytes, more: Partial<ModuleText> = {}): Uint8Array<ArrayBuffer> {
  return encode({
    types: [
      { parameters: [], results: [] },
      { parameters: [], results: ["i32"] },
    ],
    functions: [
      { type: 0, locals: ["i32"], body },
      { type: 1, locals: [], body: [0x41, 9] },
    ],
    tables: [
      [0x70, 0, 4],
      [0x70, 0, 4],
    ],
    memories: [[0, 1]],
    exports: [{ name: "run", kind: 0, index: 0 }],
    elements: [[1, 0, 1, 1]],
    data: [[1, ...string("abc")]],
    ...more,
  });
}

/** Without the places of functions in the code section, which is longer in another form. */
const code = (bytes: Uint8Array<ArrayBuffer>) => {
  const { module, words, entries } = createRegisterCode(bytes);
  for (const entry of entries) words[entry / 4 - 6] = 0;
  return { ...module, words };
};

const [ZERO, DROP] = [[0x41, 0], 0x1a];
const THREE = [...ZERO, ...ZERO, ...ZERO];

/** Bodies in the usual form, in another one, and since which Node that one is accepted. */
const BODIES: readonly [name: string, usual: Bytes, other: Bytes, since: number][] = [
  ["memory.size of a padded memory", [0x3f, 0, DROP], [0x3f, 0x80, 0, DROP], 22],
  ["memory.size of a memory padded to 3 bytes", [0x3f, 0, DROP], [0x3f, 0x80, 0x80, 0, DROP], 22],
  ["memory.size of a memory padded to 5 bytes", [0x3f, 0, DROP], [0x3f, 0x80, 0x80, 0x80, 0x80, 0, DROP], 22],
  ["memory.grow of a padded memory", [...ZERO, 0x40, 0, DROP], [...ZERO, 0x40, 0x80, 0, DROP], 22],
  ["a load with an explicit memory", [...ZERO, 0x28, 2, 4, DROP], [...ZERO, 0x28, 0x42, 0, 4, DROP], 22],
  ["a load with a padded memory", [...ZERO, 0x28, 2, 4, DROP], [...ZERO, 0x28, 0x42, 0x80, 0, 4, DROP], 22],
  ["a load with a padded alignment", [...ZERO, 0x28, 2, 4, DROP], [...ZERO, 0x28, 0x82, 0, 4, DROP], 20],
  ["a load with a padded offset", [...ZERO, 0x28, 2, 4, DROP], [...ZERO, 0x28, 2, 0x84, 0x80, 0, DROP], 20],
  ["a store with an explicit memory", [...ZERO, ...ZERO, 0x36, 2, 8], [...ZERO, ...ZERO, 0x36, 0x42, 0, 8], 22],
  [
    "an atomic access with an explicit memory",
    [...ZERO, ...ZERO, 0xfe, 0x1e, 2, 8, DROP],
    [...ZERO, ...ZERO, 0xfe, 0x1e, 0x42, 0, 8, DROP],
    22,
  ],
  ["memory.fill of a padded memory", [...THREE, 0xfc, 11, 0], [...THREE, 0xfc, 11, 0x80, 0], 22],
  ["memory.copy of padded memories", [...THREE, 0xfc, 10, 0, 0], [...THREE, 0xfc, 10, 0x80, 0, 0x80, 0], 22],
  ["memory.init of a padded segment", [...THREE, 0xfc, 8, 0, 0], [...THREE, 0xfc, 8, 0x80, 0, 0], 20],
  ["memory.init of a padded memory", [...THREE, 0xfc, 8, 0, 0], [...THREE, 0xfc, 8, 0, 0x80, 0], 22],
  ["a padded code after a prefix", [...THREE, 0xfc, 11, 0], [...THREE, 0xfc, 0x8b, 0, 0], 20],
  ["table.copy of padded tables", [...THREE, 0xfc, 14, 1, 0], [...THREE, 0xfc, 14, 0x81, 0, 0x80, 0], 20],
  ["table.init of a padded table", [...THREE, 0xfc, 12, 0, 1], [...THREE, 0xfc, 12, 0x80, 0, 0x81, 0], 20],
  ["table.size of a padded table", [0xfc, 16, 1, DROP], [0xfc, 16, 0x81, 0, DROP], 20],
  ["call_indirect of a padded table", [...ZERO, 0x11, 1, 1, DROP], [...ZERO, 0x11, 0x81, 0, 0x81, 0x80, 0, DROP], 20],
  ["a constant that is padded", [0x41, 0x7f, DROP], [0x41, 0xff, 0xff, 0xff, 0xff, 0x7f, DROP], 20],
  ["a call of a padded function", [0x10, 1, DROP], [0x10, 0x81, 0x80, 0x80, 0x80, 0, DROP], 20],
  ["a padded local", [0x20, 0, DROP], [0x20, 0x80, 0, DROP], 20],
  ["a padded depth", [0x02, 0x40, 0x0c, 0, 0x0b], [0x02, 0x40, 0x0c, 0x80, 0, 0x0b], 20],
  ["a padded block's type", [0x02, 0, 0x0b], [0x02, 0x80, 0, 0x0b], 20],
  ["a select with its type", [...THREE, 0x1b, DROP], [...THREE, 0x1c, 1, 0x7f, DROP], 20],
  ["ref.null of the type of null functions", [0xd0, 0x70, DROP], [0xd0, 0x73, DROP], 22],
  ["ref.null of a padded type", [0xd0, 0x70, DROP], [0xd0, 0xf0, 0x7f, DROP], 20],
];

/** The other sections, in the usual form, in another one, and since which Node that one is accepted. */
const SECTIONS: readonly [name: string, usual: Partial<ModuleText>, other: Partial<ModuleText>, since: number][] = [
  ["element flags", { elements: [[0, 0x41, 0, 0x0b, 0]] }, { elements: [[0x80, 0, 0x41, 0, 0x0b, 0]] }, 20],
  [
    "an element segment's table",
    { elements: [[0, 0x41, 1, 0x0b, 1, 1]] },
    { elements: [[2, 0x80, 0, 0x41, 1, 0x0b, 0, 1, 0x81, 0]] },
    20,
  ],
  ["data flags", { data: [[0, 0x41, 7, 0x0b, 1, 5]] }, { data: [[0x80, 0, 0x41, 7, 0x0b, 1, 5]] }, 20],
  ["a data segment's memory", { data: [[0, 0x41, 7, 0x0b, 1, 5]] }, { data: [[2, 0, 0x41, 7, 0x0b, 1, 5]] }, 20],
  [
    "an element segment of expressions",
    { elements: [[0, 0x41, 1, 0x0b, 1, 1]] },
    { elements: [[4, 0x41, 1, 0x0b, 1, 0xd2, 0x81, 0, 0x0b]] },
    20,
  ],
  ["a memory's pages", { memories: [[1, 1, 2]] }, { memories: [[1, 0x81, 0, 0x82, 0x80, 0]] }, 20],
  ["a global's value", { globals: [[0x7f, 0, 0x41, 5, 0x0b]] }, { globals: [[0x7f, 0, 0x41, 0x85, 0, 0x0b]] }, 20],
];

describe("decode", () => {
  test.each(BODIES)("decode reads %s as the usual form", (_, usual, other, since) => {
    expect(WebAssembly.validate(moduleOf(usual))).toBe(true);
    expect(WebAssembly.validate(moduleOf(other))).toBe(LINE >= since);
    if (LINE >= since) expect(code(moduleOf(other))).toEqual(code(moduleOf(usual)));
    else expect(() => code(moduleOf(other))).toThrow(WebAssembly.CompileError);
  });

  test.each(SECTIONS)("decode reads %s, padded or explicit, as the usual form", (_, usual, other, since) => {
    expect(WebAssembly.validate(moduleOf([], usual))).toBe(true);
    expect(WebAssembly.validate(moduleOf([], other))).toBe(LINE >= since);
    if (LINE >= since) expect(code(moduleOf([], other))).toEqual(code(moduleOf([], usual)));
  });

  test("decode goes on after a padded number: what follows it is executed as the platform does", () => {
    if (LINE < 22) return;
    const bytes = encode({
      types: [{ parameters: [], results: ["i32"] }],
      functions: [{ type: 0, locals: [], body: [0x3f, 0x80, 0x80, 0, ...ZERO, 0x28, 0x42, 0, 4, 0x6a, 0x41, 7, 0x6a] }],
      memories: [[0, 3]],
      exports: [{ name: "run", kind: 0, index: 0 }],
    });
    const lowered = createRegisterCode(bytes);
    const outcome = new ProcessorEngine(lowered, newMemory(lowered)).call("run", []);
    expect(outcome).toEqual({ results: [10] });
    expect(onPlatform(bytes, lowered).call("run", [])).toEqual(outcome);
  });

  test.each([
    ["f32.const", "i32", [0x43, 0x01, 0x00, 0xa0, 0x7f, 0xbc], 0x7fa00001],
    ["a negative f32.const", "i32", [0x43, 0x01, 0x00, 0xa0, 0xff, 0xbc], 0xffa00001 | 0],
    ["f64.const", "i64", [0x44, 1, 0, 0, 0, 0, 0, 0xf4, 0x7f, 0xbd], 0x7ff4000000000001n],
  ] as const)("decode keeps the signalling NaN of %s", (_, type, body, bits) => {
    const bytes = encode({
      types: [{ parameters: [], results: [type] }],
      functions: [{ type: 0, locals: [], body }],
      exports: [{ name: "run", kind: 0, index: 0 }],
    });
    const lowered = createRegisterCode(bytes);
    expect(new ProcessorEngine(lowered, newMemory(lowered)).call("run", [])).toEqual({ results: [bits] });
    expect(onPlatform(bytes, lowered).call("run", [])).toEqual({ results: [bits] });
  });

  test("decode keeps a signalling NaN that is a global's value", () => {
    const bytes = moduleOf([], { globals: [[0x7d, 0, 0x43, 0x01, 0x00, 0xa0, 0x7f, 0x0b]] });
    expect(decode(bytes, String, (_, { operators }) => void [...operators]).globals[0]!.value.bits).toBe(0x7fa00001n);
  });

  test.each([["\u{feff}run"], ["\u{feff}"], ["r\u{feff}un"], [""], ["日本\u{1f600}"]])(
    "decode keeps the name %j as the platform does",
    (name) => {
      const bytes = moduleOf([], { exports: [{ name, kind: 0, index: 0 }] });
      const [exported] = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
      expect([...code(bytes).exports.keys()]).toEqual([exported!.name]);
      const imports = [[...string(name), ...string(name), 0, 0]];
      const importing = encode({ types: [{ parameters: [], results: [] }], imports, functions: [], exports: [] });
      expect(code(importing).imports[0]).toMatchObject({ module: name, name });
    },
  );

  test("decode wraps the offset of a segment that a constant expression computes", () => {
    const offset = [0x41, 0x78, 0x41, 12, 0x6a, 0x0b];
    const bytes = moduleOf([], {
      data: [[0, ...offset, 1, 5]],
      elements: [[0, 0x41, 0x7f, 0x41, 2, 0x6a, 0x0b, 1, 1]],
    });
    expect(WebAssembly.validate(bytes)).toBe(LINE >= 22);
    if (LINE < 22) return;
    const { data, elements } = code(bytes);
    expect([data[0]!.offset, elements[0]!.offset]).toEqual([4, 1]);
  });

  test("decode passes over types that nothing has, whatever their feature, and names the one that is used", () => {
    // A structure with an i8 and an array, an array of v128, a recursive pair, and a function that is final.
    const types = vector([
      [0x5f, 2, 0x78, 1, 0x63, 0x6b, 0],
      [0x5e, 0x7b, 0],
      [
        0x4e,
        ...vector([
          [0x50, 0, 0x5f, 1, 0x64, 2, 0],
          [0x50, 1, 2, 0x5f, 1, 0x64, 2, 0],
        ]),
      ],
      [0x4f, 0, 0x60, 0, 0],
      [0x60, 1, 0x64, 0, 0],
    ]);
    const module = (type: number) =>
      new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, types.length, ...types, 3, 2, 1, type, 10, 4, 1, 2, 0, 0x0b]);
    if (!WebAssembly.validate(module(4))) return expect(LINE).toBeLessThan(22);
    expect(code(module(4)).functions).toEqual([{ parameters: [], results: [] }]);
    expect(() => code(module(5))).toThrow("Cannot execute function function 0: received garbage collection");
  });
});
