/** Where in the program's text register code comes from: functions' names, and lines by the source map. */
import { SourceMap, type SourceMapPayload, type SourceMapping } from "node:module";
import { BinaryReader, bytesToString, type IFunctionNameEntry, type ISourceMappingURL } from "wasmparser";

export interface Location {
  /** The function's name as the program gives it, or its number: `function 12`. */
  readonly function: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

/** What custom sections say of a module. */
export interface Annotations {
  /** Functions' names by their numbers. */
  readonly names: ReadonlyMap<number, string>;
  /** Global variables' numbers by their names. */
  readonly globals: ReadonlyMap<string, number>;
  readonly sourceMappingUrl: string | undefined;
}

const STATE = { error: -1, beginSection: 3, names: 19, sourceMappingUrl: 43 } as const;
const CUSTOM_SECTION = 0;
const FUNCTION_NAMES = 1;
const GLOBAL_NAMES = 7;

/** Reads the custom sections `name` and `sourceMappingURL`; what is malformed in them is left out. */
export function readAnnotations(bytes: Uint8Array): Annotations {
  const names = new Map<number, string>();
  const globals = new Map<string, number>();
  let sourceMappingUrl: string | undefined;
  const reader = new BinaryReader();
  reader.setData(bytes.slice().buffer, 0, bytes.length);
  const state = () => reader.state as number;
  try {
    while (reader.read() && state() !== STATE.error) {
      const result: unknown = reader.result;
      if (state() === STATE.beginSection && (result as { id: number }).id !== CUSTOM_SECTION) reader.skipSection();
      else if (state() === STATE.sourceMappingUrl) sourceMappingUrl = bytesToString((result as ISourceMappingURL).url);
      else if (state() === STATE.names) {
        // wasmparser reads the names of globals as it does those of functions, without a type of their own.
        const { type, names: entries } = result as { type: number } & Pick<IFunctionNameEntry, "names">;
        if (type === FUNCTION_NAMES) for (const { index, name } of entries) names.set(index, bytesToString(name));
        if (type === GLOBAL_NAMES) for (const { index, name } of entries) globals.set(bytesToString(name), index);
      }
    }
  } catch {
    // Nothing depends on a name: the platform accepts modules whose custom sections hold anything.
  }
  return { names, globals, sourceMappingUrl };
}

/** Finds where instructions of register code come from. */
export class Locations {
  readonly #pcs: readonly number[];
  readonly #offsets: readonly number[];
  readonly #entries: readonly number[];
  readonly #nameOf: (function_: number) => string;
  readonly #map: SourceMap | undefined;

  /** `pcs` and `offsets`: see CodeWriter. `entries`: of every function with code, ascending. */
  constructor(
    pcs: readonly number[],
    offsets: readonly number[],
    entries: readonly number[],
    nameOf: (function_: number) => string,
    sourceMap: SourceMapPayload | undefined,
  ) {
    this.#pcs = pcs;
    this.#offsets = offsets;
    this.#entries = entries;
    this.#nameOf = nameOf;
    this.#map = sourceMap && new SourceMap(sourceMap);
  }

  /** The number of the function that has the pc. */
  functionAt(pc: number): number {
    return last(this.#entries, pc);
  }

  at(pc: number): Location {
    const function_ = this.#nameOf(this.functionAt(pc));
    const offset = this.#offsets[last(this.#pcs, pc)];
    // WebAssembly's source maps have one line, whose columns are bytes of the module.
    const entry: Partial<SourceMapping> = (offset !== undefined && this.#map?.findEntry(0, offset)) || {};
    const { originalSource: file, originalLine } = entry;
    if (file === undefined || originalLine === undefined) return { function: function_ };
    return { function: function_, file, line: originalLine + 1 };
  }
}

/** The index of the last number that is not greater, in an ascending list; -1 if there is none. */
function last(numbers: readonly number[], limit: number): number {
  let low = -1;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle;
    else high = middle;
  }
  return low;
}
