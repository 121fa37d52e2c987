/**
 * Makes the library's bytes call `kills.point(n)` before every instruction that others can notice: stores, atomic
 * read-modify-writes, bulk writes, growth of the memory, waits and notifies. The bytes are those that are shipped: nothing
 * is compiled again, the calls are put between the instructions.
 *
 *     types + 1 | imports + 1 | functions | ... | exports, start: renumbered | code: calls renumbered, points put in
 *
 * The new import comes behind the imported functions, so that the number of every function with code is one higher.
 */
import type { SourceMapPayload } from "node:module";
import { decode } from "#machines/wasm/decode.js";
import { writeNumber } from "#machines/wasm/globals.js";
import { readAnnotations } from "#machines/wasm/locations.js";
import { Reader } from "#machines/wasm/reader.js";
import { SECTION, sectionsOf } from "#machines/wasm/sections.js";
import { placesOf } from "#machines/wasm/source-map.js";

/** A place where a worker can be stopped. */
export interface Point {
  /** The function's name in the kernel. */
  readonly function: string;
  /** `kernel/library/mutex.ts:71`; who calls, where it is one of the machine instructions in kernel/atomics.ts. */
  readonly place: string;
  readonly instruction: string;
}

export interface Instrumented {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By their numbers. */
  readonly points: readonly Point[];
}

const NOTICED =
  /\.(store|rmw)|^(i32|i64)\.atomic\.(store|rmw)|^memory\.(copy|fill|init|grow|atomic\.(wait32|wait64|notify))$/;
/** `func (param i32)`. */
const TYPE_OF_POINT = [0x60, 1, 0x7f, 0];
/** Bytes of a module before its sections. */
const PREAMBLE = 8;
const KIND_FUNCTION = 0;
const I32_CONST = 0x41;
const CALL = 0x10;

/** What is to be changed at an offset of the module. */
interface Edit {
  readonly offset: number;
  /** Up to where bytes go. */
  readonly end: number;
  readonly bytes: readonly number[];
}

export function instrument(bytes: Uint8Array<ArrayBuffer>, map: SourceMapPayload): Instrumented {
  const { names } = readAnnotations(bytes);
  const placeOf = placesOf(map);
  const nameOf = (index: number) => names.get(index) ?? `function ${index}`;
  const points: Point[] = [];
  const edits: Edit[] = [];
  const module = decode(bytes, nameOf, ({ imports }, { index, operators }) => {
    let place = "?";
    for (const { name, offset, index: called } of operators) {
      const { file, line } = placeOf(offset) ?? {};
      if (file !== undefined && file !== "kernel/atomics.ts") place = `${file}:${line}`;
      if (name === "call" && called! >= imports.length) {
        const operand = new Reader(bytes, offset + 1);
        operand.unsigned();
        edits.push({ offset: offset + 1, end: operand.position, bytes: writeNumber(called! + 1) });
      } else if (NOTICED.test(name)) {
        const call = [I32_CONST, ...signed(points.length), CALL, ...writeNumber(imports.length)];
        edits.push({ offset, end: offset, bytes: call });
        points.push({ function: nameOf(index), place, instruction: name });
      }
    }
  });
  const renumber = (index: number) => (index >= module.imports.length ? index + 1 : index);
  return { bytes: rewrite(bytes, edits, renumber), points };
}

function rewrite(
  bytes: Uint8Array,
  edits: readonly Edit[],
  renumber: (index: number) => number,
): Uint8Array<ArrayBuffer> {
  const output = [...bytes.subarray(0, PREAMBLE)];
  let types = 0;
  for (const { id, contents } of sectionsOf(bytes)) {
    const put = (...parts: readonly number[][]) => {
      const all = parts.flat();
      output.push(id, ...writeNumber(all.length));
      for (const byte of all) output.push(byte);
    };
    const rest = () => [...contents.take(contents.end - contents.position)];
    switch (id) {
      case SECTION.custom:
        break;
      case SECTION.type:
        types = contents.unsigned();
        put(writeNumber(types + 1), rest(), TYPE_OF_POINT);
        break;
      case SECTION.import: {
        const count = contents.unsigned();
        put(writeNumber(count + 1), rest(), text("kills"), text("point"), [KIND_FUNCTION], writeNumber(types));
        break;
      }
      case SECTION.export: {
        const entries = contents.vector(() => {
          const begin = contents.position;
          contents.name();
          const kind = contents.byte();
          const head = [...bytes.subarray(begin, contents.position)];
          const index = contents.unsigned();
          return [...head, ...writeNumber(kind === KIND_FUNCTION ? renumber(index) : index)];
        });
        put(writeNumber(entries.length), ...entries);
        break;
      }
      case SECTION.start:
        put(writeNumber(renumber(contents.unsigned())));
        break;
      case SECTION.element:
        throw new Error("Cannot instrument: received a module with a table; expected the library's, which has none");
      case SECTION.code: {
        const bodies = contents.vector(() => edited(contents, edits));
        put(writeNumber(bodies.length), ...bodies);
        break;
      }
      default:
        put(rest());
    }
  }
  return new Uint8Array(output);
}

/** The next body, with its length, and with the edits that are in it. */
function edited(contents: Reader, edits: readonly Edit[]): number[] {
  const length = contents.unsigned();
  let at = contents.skip(length);
  const body: number[] = [];
  for (const { offset, end, bytes } of edits) {
    if (offset < at || offset >= contents.position) continue;
    body.push(...contents.bytes.subarray(at, offset), ...bytes);
    at = end;
  }
  body.push(...contents.bytes.subarray(at, contents.position));
  return [...writeNumber(body.length), ...body];
}

function text(value: string): number[] {
  return [...writeNumber(value.length), ...Buffer.from(value)];
}

/** A small number of variable length, with a sign. */
function signed(number: number): number[] {
  return number < 64 ? [number] : [(number & 0x7f) | 0x80, ...signed(number >> 7)];
}
