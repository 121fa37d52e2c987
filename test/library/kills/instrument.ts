/**
 * Makes the library's bytes call `kills.point(n)` before every instruction that others can notice: stores, atomic
 * read-modify-writes, bulk writes, growth of the memory, waits and notifies. The bytes are those that are shipped: nothing
 * is compiled again, the calls are put between the instructions.
 *
 *     types + 1 | imports + 1 | functions | ... | exports, start: renumbered | code: calls renumbered, points put in
 *
 * The new import comes behind the imported functions, so that the number of every function with code is one higher.
 */
import { SourceMap, type SourceMapPayload } from "node:module";
import { decode } from "#dist/wasm/decode.js";
import { readAnnotations } from "#dist/wasm/locations.js";
import { readNumber, skipNumber, writeNumber } from "#dist/wasm/variable-length.js";

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
const SECTION = { custom: 0, type: 1, import: 2, export: 7, start: 8, element: 9, code: 10 };
/** `func (param i32)`. */
const TYPE_OF_POINT = [0x60, 1, 0x7f, 0];
const KIND_FUNCTION = 0;
const I32_CONST = 0x41;
const CALL = 0x10;

/** What is to be changed at an offset of the module. */
interface Edit {
  readonly offset: number;
  /** Bytes that go. */
  readonly length: number;
  readonly bytes: readonly number[];
}

export function instrument(bytes: Uint8Array<ArrayBuffer>, map: SourceMapPayload): Instrumented {
  const { names } = readAnnotations(bytes);
  const sourceMap = new SourceMap(map);
  const points: Point[] = [];
  const edits: Edit[] = [];
  const module = decode(
    bytes,
    (index) => names.get(index) ?? `${index}`,
    ({ imports }, { index, operators }) => {
      let place = "?";
      for (const operator of operators) {
        const { originalSource, originalLine } = entryAt(sourceMap, operator.offset);
        if (originalSource && originalSource !== "kernel/atomics.ts") place = `${originalSource}:${originalLine + 1}`;
        if (operator.name === "call") {
          const { offset, funcIndex } = operator;
          const end = skipNumber(bytes, offset + 1);
          if (funcIndex! >= imports.length)
            edits.push({ offset: offset + 1, length: end - offset - 1, bytes: writeNumber(funcIndex! + 1) });
        } else if (NOTICED.test(operator.name)) {
          const call = [I32_CONST, ...signed(points.length), CALL, ...writeNumber(imports.length)];
          edits.push({ offset: operator.offset, length: 0, bytes: call });
          points.push({ function: names.get(index) ?? `${index}`, place, instruction: operator.name });
        }
      }
    },
  );
  const renumber = (index: number) => (index >= module.imports.length ? index + 1 : index);
  return { bytes: rewrite(bytes, edits, renumber), points };
}

/** Typed so that it can be nothing. */
function entryAt(map: SourceMap, offset: number): { originalSource?: string; originalLine: number } {
  return { originalLine: 0, ...map.findEntry(0, offset) };
}

function rewrite(
  bytes: Uint8Array,
  edits: readonly Edit[],
  renumber: (index: number) => number,
): Uint8Array<ArrayBuffer> {
  const output = [...bytes.subarray(0, 8)];
  let types = 0;
  for (let position = 8; position < bytes.length; ) {
    const id = bytes[position]!;
    const begin = skipNumber(bytes, position + 1);
    const end = begin + readNumber(bytes, position + 1);
    const section = bytes.subarray(begin, end);
    const count = id === SECTION.custom ? 0 : readNumber(section, 0);
    const entries = section.subarray(skipNumber(section, 0));
    const put = (...contents: readonly number[][]) => {
      const all = contents.flat();
      output.push(id, ...writeNumber(all.length), ...all);
    };
    position = end;
    switch (id) {
      case SECTION.custom:
        break;
      case SECTION.type:
        types = count;
        put(writeNumber(count + 1), [...entries], TYPE_OF_POINT);
        break;
      case SECTION.import:
        put(writeNumber(count + 1), [...entries], text("kills"), text("point"), [KIND_FUNCTION], writeNumber(types));
        break;
      case SECTION.export:
        put(writeNumber(count), exports(entries, count, renumber));
        break;
      case SECTION.start:
        put(writeNumber(renumber(count)));
        break;
      case SECTION.element:
        throw new Error("Cannot instrument: received a module with a table; expected the library's, which has none");
      case SECTION.code:
        put(writeNumber(count), code(bytes, end - entries.length, count, edits));
        break;
      default:
        put([...section]);
    }
  }
  return new Uint8Array(output);
}

function exports(entries: Uint8Array, count: number, renumber: (index: number) => number): number[] {
  const output: number[] = [];
  for (let i = 0, position = 0; i < count; i++) {
    const kind = skipNumber(entries, position) + readNumber(entries, position);
    const index = readNumber(entries, kind + 1);
    const isFunction = entries[kind] === KIND_FUNCTION;
    output.push(...entries.subarray(position, kind + 1), ...writeNumber(isFunction ? renumber(index) : index));
    position = skipNumber(entries, kind + 1);
  }
  return output;
}

/** Bodies begin at `position` of the module. */
function code(bytes: Uint8Array, position: number, count: number, edits: readonly Edit[]): number[] {
  const output: number[] = [];
  let edit = 0;
  for (let i = 0; i < count; i++) {
    let at = skipNumber(bytes, position);
    const end = at + readNumber(bytes, position);
    const body: number[] = [];
    for (; edit < edits.length && edits[edit]!.offset < end; edit++) {
      const { offset, length, bytes: inserted } = edits[edit]!;
      body.push(...bytes.subarray(at, offset), ...inserted);
      at = offset + length;
    }
    body.push(...bytes.subarray(at, end));
    for (const byte of writeNumber(body.length)) output.push(byte);
    for (const byte of body) output.push(byte);
    position = end;
  }
  return output;
}

function text(value: string): number[] {
  return [...writeNumber(value.length), ...Buffer.from(value)];
}

/** A small number of variable length, with a sign. */
function signed(number: number): number[] {
  return number < 64 ? [number] : [(number & 0x7f) | 0x80, ...signed(number >> 7)];
}
