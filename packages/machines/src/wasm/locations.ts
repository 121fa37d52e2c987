/** Where in the program's text register code comes from: functions' names, and lines by the source map. */
import { Reader } from "./reader.js";
import { lastUpTo } from "./search.js";
import { SECTION, sectionsOf } from "./sections.js";
import { type Place, placesOf, type SourceMap } from "./source-map.js";

export interface Location {
  /** The function's name as the program gives it, or exports it, or its number: `function 12`. */
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
  /** What the section `producers` holds, names of compilers among it, as text; empty where there is none. */
  readonly producers: string;
}

/** Parts of the section `name`. */
const FUNCTION_NAMES = 1;
const GLOBAL_NAMES = 7;

/** Reads the custom sections `name`, `sourceMappingURL` and `producers`; what is malformed in them is left out. */
export function readAnnotations(bytes: Uint8Array): Annotations {
  const names = new Map<number, string>();
  const globals = new Map<string, number>();
  let sourceMappingUrl: string | undefined;
  let producers = "";
  try {
    for (const { id, contents } of sectionsOf(bytes)) {
      if (id !== SECTION.custom) continue;
      const section = contents.name();
      if (section === "sourceMappingURL") sourceMappingUrl = contents.name();
      if (section === "producers")
        producers += new TextDecoder().decode(contents.take(contents.end - contents.position));
      if (section === "name") readNames(contents, names, globals);
    }
  } catch {
    // Nothing depends on a name: the platform accepts modules whose custom sections hold anything.
  }
  return { names, globals, sourceMappingUrl, producers };
}

function readNames(reader: Reader, names: Map<number, string>, globals: Map<string, number>): void {
  while (reader.position < reader.end) {
    const part = reader.byte();
    const length = reader.unsigned();
    const begin = reader.skip(length);
    const entries = new Reader(reader.bytes, begin, begin + length);
    if (part !== FUNCTION_NAMES && part !== GLOBAL_NAMES) continue;
    entries.vector(() => {
      const index = entries.unsigned();
      const name = entries.name();
      if (part === FUNCTION_NAMES) names.set(index, name);
      else globals.set(name, index);
    });
  }
}

/** Finds where instructions of register code come from. */
export class Locations {
  readonly #pcs: readonly number[];
  readonly #offsets: readonly number[];
  readonly #entries: readonly number[];
  readonly #nameOf: (function_: number) => string;
  readonly #placeOf: ((offset: number) => Place | undefined) | undefined;

  /** `pcs` and `offsets`: see CodeWriter. `entries`: of every function with code, ascending. */
  constructor(
    pcs: readonly number[],
    offsets: readonly number[],
    entries: readonly number[],
    nameOf: (function_: number) => string,
    sourceMap: SourceMap | undefined,
  ) {
    this.#pcs = pcs;
    this.#offsets = offsets;
    this.#entries = entries;
    this.#nameOf = nameOf;
    this.#placeOf = sourceMap && placesOf(sourceMap);
  }

  /** The number of the function that has the pc. */
  functionAt(pc: number): number {
    return lastUpTo(pc, this.#entries);
  }

  at(pc: number): Location {
    const function_ = this.#nameOf(this.functionAt(pc));
    const offset = this.#offsets[lastUpTo(pc, this.#pcs)];
    const place = offset === undefined ? undefined : this.#placeOf?.(offset);
    return place === undefined ? { function: function_ } : { function: function_, file: place.file, line: place.line };
  }
}
