/** Source maps of modules: where in its text a byte of a module's code comes from. */
import { lastUpTo } from "./search.js";

/** A source map, revision 3. A module's has one line, whose columns are bytes of the module. */
export interface SourceMap {
  readonly version: number;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly string[];
  /** Differences in base 64, by groups of 1, 4 or 5: column; source, line and column in it; name. */
  readonly mappings: string;
  /** Maps of parts of the line, each from a column on, in place of `mappings`. */
  readonly sections?: readonly {
    readonly offset: { readonly line: number; readonly column: number };
    readonly map: SourceMap;
  }[];
}

/** A place in a text that a program was made of; line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where in its text a byte of a module's code comes from, by the source map; undefined where that does not say. */
export function placesOf(sourceMap: SourceMap): (offset: number) => Place | undefined {
  // Most maps are never asked: they are read when the first place is.
  let read: { readonly offsets: readonly number[]; readonly places: readonly (Place | undefined)[] } | undefined;
  return (offset) => {
    read ??= readPlaces(sourceMap);
    return read.places[lastUpTo(offset, read.offsets)];
  };
}

/** The source map of a module whose code moved by so many bytes. */
export function shifted(sourceMap: SourceMap, bytes: number): SourceMap {
  return { ...sourceMap, sections: [{ offset: { line: 0, column: bytes }, map: sourceMap }] };
}

function readPlaces(sourceMap: SourceMap) {
  const entries: Entry[] = [];
  try {
    for (const entry of entriesOf(sourceMap, 0)) entries.push(entry);
  } catch {
    // Nothing depends on a place: the files of maps may hold anything.
  }
  entries.sort((a, b) => a.offset - b.offset);
  return { offsets: entries.map(({ offset }) => offset), places: entries.map(({ place }) => place) };
}

/** From a byte of the module on, the code is from a place; from none where the compiler says so. */
interface Entry {
  readonly offset: number;
  readonly place: Place | undefined;
}

function* entriesOf({ sections, sources, mappings }: SourceMap, from: number): Generator<Entry> {
  for (const { offset, map } of sections ?? []) yield* entriesOf(map, from + offset.column);
  if (sections !== undefined) return;
  let offset = from;
  let source = 0;
  let line = 0;
  let column = 0;
  for (const group of mappings.split(";", 1)[0]!.split(",")) {
    const [bytes = 0, ...original] = differencesIn(group);
    offset += bytes;
    if (original.length < 3) {
      yield { offset, place: undefined };
      continue;
    }
    source += original[0]!;
    line += original[1]!;
    column += original[2]!;
    const file = sources[source];
    const place = typeof file === "string" ? { file, line: line + 1, column: column + 1 } : undefined;
    yield { offset, place };
  }
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Of a digit's 6 bits, those of the number; the upper one says that more follow. */
const BITS = 5;
const CONTINUES = 1 << BITS;

/** The numbers of one group: digits of 5 bits, the lowest first; the lowest bit of all is the sign. */
function differencesIn(group: string): number[] {
  const differences: number[] = [];
  let number = 0;
  let shift = 0;
  for (const character of group) {
    const digit = DIGITS.indexOf(character);
    number |= (digit & (CONTINUES - 1)) << shift;
    if ((digit & CONTINUES) !== 0) {
      shift += BITS;
      continue;
    }
    differences.push(number & 1 ? -(number >>> 1) : number >>> 1);
    number = 0;
    shift = 0;
  }
  return differences;
}
