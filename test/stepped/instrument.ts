/**
 * Makes a program's bytes resumable: before every access to memory they call `stepped.access` when the exported global
 * `stepped.budget` has counted down to 0; they wait and wake by `stepped.wait` and `stepped.notify`; and wherever they
 * call one of those, `machine.pause`, `machine.work` or `machine.receive`, they can be unwound and rewound (binaryen's
 * asyncify).
 *
 * The calls are put in as text, around the last operand: after all operands, directly before the access.
 *
 *     (i32.store (P) (V))                       (i32.store (P) (call $stepped.i32 (V)))
 *     (memory.atomic.wait32 offset=4 (P) ...)   (call $stepped.wait (i32.add (i32.const 4) (P)) ...)
 */
import binaryen from "assemblyscript/binaryen";

type Expression = string | Expression[];

const ACCESS = /^([if](?:32|64))\.(?:atomic\.)?(load|store|rmw)/;
const RESUMABLE = ["machine.pause", "machine.work", "machine.receive", "stepped.access", "stepped.wait"];

const IMPORTS = `
(import "stepped" "access" (func $stepped.access))
(import "stepped" "wait" (func $stepped.wait (param i32 i32 i64) (result i32)))
(import "stepped" "notify" (func $stepped.notify (param i32 i32) (result i32)))`;

const COUNTDOWN = `
(global $stepped.budget (mut i32) (i32.const 0))
(export "stepped.budget" (global $stepped.budget))
${["i32", "i64", "f32", "f64"]
  .map(
    (type) => `
(func $stepped.${type} (param $operand ${type}) (result ${type})
  (global.set $stepped.budget (i32.sub (global.get $stepped.budget) (i32.const 1)))
  (if (i32.eqz (global.get $stepped.budget)) (then (call $stepped.access)))
  (local.get $operand))`,
  )
  .join("")}`;

const { Features } = binaryen;
/** What the kernel uses: binaryen writes types as later features have them once it was told of these, in any module. */
const FEATURES =
  Features.Atomics |
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.SignExt;

/**
 * Where a program can be interrupted; see the head of this file.
 *
 * @param leftOut how the names of exports begin that nobody calls: what they alone need is gone
 */
export function instrument(bytes: Uint8Array, leftOut: readonly string[]): Uint8Array<ArrayBuffer> {
  const plain = binaryen.readBinary(bytes);
  const names = Array.from(
    { length: plain.getNumExports() },
    (_, i) => binaryen.getExportInfo(plain.getExportByIndex(i)).name,
  );
  for (const name of names) if (leftOut.some((begin) => name.startsWith(begin))) plain.removeExport(name);
  plain.runPasses(["remove-unused-module-elements"]);
  const [name, ...fields] = parse(plain.emitText());
  plain.dispose();
  const rewritten = fields.map(rewrite);
  const isImport = (field: Expression) => field[0] === "import";
  const text = [
    `(${name}`,
    ...rewritten.filter(isImport).map(print),
    IMPORTS,
    COUNTDOWN,
    ...rewritten.filter((field) => !isImport(field)).map(print),
    ")",
  ].join("\n");
  const module = binaryen.parseText(text);
  module.setFeatures(FEATURES);
  binaryen.setDebugInfo(true);
  binaryen.setOptimizeLevel(2);
  binaryen.setPassArgument("asyncify-imports", RESUMABLE.join(","));
  module.runPasses(["asyncify"]);
  binaryen.clearPassArguments();
  module.optimize();
  const result = module.emitBinary();
  module.dispose();
  return new Uint8Array(result);
}

function rewrite(expression: Expression): Expression {
  if (typeof expression === "string") return expression;
  const [head, ...rest] = expression.map(rewrite);
  if (head === "memory.atomic.wait32") return ["call", "$stepped.wait", ...withoutOffset(rest)];
  if (head === "memory.atomic.notify") return ["call", "$stepped.notify", ...withoutOffset(rest)];
  const [, type, operation] = (typeof head === "string" && ACCESS.exec(head)) || [];
  if (type === undefined) return [head!, ...rest];
  const last = rest.pop()!;
  return [head!, ...rest, ["call", `$stepped.${operation === "load" ? "i32" : type}`, last]];
}

function withoutOffset(operands: Expression[]): Expression[] {
  const [first, ...rest] = operands;
  const [, offset] = (typeof first === "string" && /^offset=(\d+)$/.exec(first)) || [];
  if (offset === undefined) return operands;
  return [["i32.add", ["i32.const", offset], rest[0]!], ...rest.slice(1)];
}

function parse(text: string): Expression[] {
  const open: Expression[][] = [[]];
  for (const [token] of text.matchAll(/;;[^\n]*|"(?:\\.|[^"\\])*"|[()]|[^\s()"]+/g)) {
    if (token.startsWith(";;")) continue;
    if (token === "(") open.push([]);
    else if (token === ")") {
      const closed = open.pop()!;
      open.at(-1)!.push(closed);
    } else open.at(-1)!.push(token);
  }
  return open[0]![0] as Expression[];
}

function print(expression: Expression): string {
  return typeof expression === "string" ? expression : `(${expression.map(print).join(" ")})`;
}
