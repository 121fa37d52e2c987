/** The sections of a module, for which nothing in them has to be understood. */
import { Reader } from "./reader.js";

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
} as const;

/** Bytes of the magic number and the version. */
const PREAMBLE = 8;

export interface Section {
  readonly id: number;
  /** Where it begins, with its id and its length. */
  readonly begin: number;
  /** Reads its contents, up to its end. */
  readonly contents: Reader;
}

/** @throws {RangeError} where the bytes end in the middle of a section */
export function* sectionsOf(bytes: Uint8Array): Iterable<Section> {
  const reader = new Reader(bytes);
  reader.skip(PREAMBLE);
  while (reader.position < reader.end) {
    const begin = reader.position;
    const id = reader.byte();
    const length = reader.unsigned();
    const first = reader.skip(length);
    yield { id, begin, contents: new Reader(bytes, first, first + length) };
  }
}
