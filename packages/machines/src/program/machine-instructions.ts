import type { FunctionType, Module } from "../wasm/module.js";

/** The functions that a program may import from the module `machine`; kernel/machine.ts says what they do. */
const MACHINE_INSTRUCTIONS: ReadonlyMap<string, FunctionType> = new Map(
  Object.entries<FunctionType>({
    processor: { parameters: [], results: ["i32"] },
    processors: { parameters: [], results: ["i32"] },
    pause: { parameters: [], results: [] },
    work: { parameters: ["i32"], results: [] },
    clock: { parameters: [], results: ["f64"] },
    fail: { parameters: ["i32"], results: [] },
    mark: { parameters: ["i32", "i32"], results: [] },
    send: { parameters: ["i32", "i32"], results: [] },
    receive: { parameters: ["i32"], results: ["i32"] },
  }),
);

/**
 * Makes sure that the functions which a program imports are machine instructions. `name` is the program's.
 *
 * @throws {Error} if one is something else, or has other parameters or results
 */
export function checkImports(name: string, { imports }: Module): void {
  for (const { module, name: field, type } of imports) {
    const expected = module === "machine" ? MACHINE_INSTRUCTIONS.get(field) : undefined;
    if (expected === undefined) {
      throw new Error(
        `Cannot run ${name}: received an import of ${module}.${field}; expected machine instructions only: ` +
          [...MACHINE_INSTRUCTIONS.keys()].map((known) => `machine.${known}`).join(", "),
      );
    }
    if (signature(type) === signature(expected)) continue;
    throw new Error(
      `Cannot run ${name}: received an import of machine.${field} as ${signature(type)}; expected ${signature(expected)}`,
    );
  }
}

/** As in `(i32, i32) -> ()`. */
function signature({ parameters, results }: FunctionType): string {
  return `(${parameters.join(", ")}) -> (${results.join(", ")})`;
}
