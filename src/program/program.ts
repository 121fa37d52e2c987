/**
 * A program: what processors execute. A WebAssembly module that imports one shared memory as `env.memory` and, from the
 * module name `machine`, any of the machine instructions; it exports entry points. Any language may produce it.
 */
export interface Program {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** The limits of the memory that the module imports, in pages of 64 KiB. */
  readonly memory: { readonly initial: number; readonly maximum: number };
}

/** A new memory for the program, zeroed. The engine reserves some GiB of address space for each. */
export function createMemory(program: Program): WebAssembly.Memory {
  return new WebAssembly.Memory({ ...program.memory, shared: true });
}

/**
 * The name of a `Failure` value that the program exports as the global `Failure.NAME`, or its number where it has none.
 */
export function failureName(instance: WebAssembly.Instance, reason: number): string {
  for (const [name, value] of Object.entries(instance.exports)) {
    if (name.startsWith("Failure.") && value instanceof WebAssembly.Global && value.value === reason) {
      return name.slice("Failure.".length);
    }
  }
  return String(reason);
}
