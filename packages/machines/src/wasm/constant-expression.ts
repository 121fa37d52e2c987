/** Constant expressions: initial values of globals, offsets of segments. */
import type { Constant, Global } from "./module.js";
import { readOperator } from "./operators.js";
import type { Reader } from "./reader.js";

/** Reads a constant expression, of which the platform has made sure that it is one; its value. */
export function readConstant(reader: Reader, globals: readonly Global[]): Constant {
  const where = "a constant expression";
  const stack: Constant[] = [];
  const binary = (bits: number, operation: (a: bigint, b: bigint) => bigint) => {
    const b = stack.pop()!.bits;
    const a = stack.pop()!.bits;
    stack.push({ bits: BigInt.asUintN(bits, operation(a, b)) });
  };
  for (;;) {
    const { name, bits, index } = readOperator(reader, where, () => ({ parameters: [], results: [] }));
    const width = name.startsWith("i32") ? 32 : 64;
    if (name === "end") return stack[0]!;
    if (bits !== undefined) stack.push({ bits });
    else if (name === "ref.null") stack.push({ bits: 0n });
    else if (name === "ref.func") stack.push({ bits: 0n, function: index! });
    else if (name === "global.get") stack.push(globals[index!]!.value);
    else if (name.endsWith(".add")) binary(width, (a, b) => a + b);
    else if (name.endsWith(".sub")) binary(width, (a, b) => a - b);
    else if (name.endsWith(".mul")) binary(width, (a, b) => a * b);
  }
}
