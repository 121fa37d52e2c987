/** A module with some bytes of its functions replaced. */
import { writeNumber } from "../../wasm/globals.js";
import { SECTION, sectionsOf } from "../../wasm/sections.js";
import { validate } from "../../wasm/validate.js";

/** Bytes of the module's code that others take the place of; `begin` is `end` where some are added. */
export interface Edit {
  readonly begin: number;
  readonly end: number;
  readonly bytes: readonly number[];
}

interface Bodies {
  /** Where the code section begins, and where it ends. */
  readonly begin: number;
  readonly end: number;
  /** The same of the functions with code, the counts of their locals included. */
  readonly bodies: readonly { readonly begin: number; readonly end: number }[];
}

export function bodiesOf(bytes: Uint8Array): Bodies {
  for (const { id, begin, contents } of sectionsOf(bytes)) {
    if (id !== SECTION.code) continue;
    const bodies = contents.vector(() => {
      const length = contents.unsigned();
      const first = contents.skip(length);
      return { begin: first, end: first + length };
    });
    return { begin, end: contents.end, bodies };
  }
  throw new Error("Cannot rewrite a module: received one without code; expected functions");
}

/**
 * The module with the edits made, each in one function's instructions, no two of the same bytes.
 *
 * @throws {WebAssembly.CompileError} if that is no module: an edit leaves instructions that do not fit together
 */
export function rewrite(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  const sorted = edits.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  const { begin, end, bodies: before } = bodiesOf(bytes);
  const bodies = before.map((body) => {
    const own = sorted.filter((edit) => edit.begin >= body.begin && edit.end <= body.end);
    const changed = own.length === 0 ? bytes.subarray(body.begin, body.end) : edited(bytes, body, own);
    return joined([writeNumber(changed.length), changed]);
  });
  const content = joined([writeNumber(bodies.length), ...bodies]);
  const head = [SECTION.code, ...writeNumber(content.length)];
  const result = joined([bytes.subarray(0, begin), head, content, bytes.subarray(end)]);
  validate(result);
  return result;
}

function edited(bytes: Uint8Array, { begin, end }: { begin: number; end: number }, edits: readonly Edit[]): Uint8Array {
  const parts: ArrayLike<number>[] = [];
  let at = begin;
  for (const edit of edits) {
    parts.push(bytes.subarray(at, edit.begin), edit.bytes);
    at = edit.end;
  }
  return joined([...parts, bytes.subarray(at, end)]);
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
