/** A module's global variables, for which nothing else of the module has to be understood. */
import { readNumber, skipNumber, writeNumber } from "./variable-length.js";

const PREAMBLE = 8;
const GLOBAL_SECTION = 6;
const EXPORT_SECTION = 7;
const GLOBAL = 3;
const I32 = 0x7f;

/** Where a section begins, where its contents do, and where it ends. */
function findSection(bytes: Uint8Array, id: number) {
  for (let begin = PREAMBLE; begin < bytes.length; ) {
    const contents = skipNumber(bytes, begin + 1);
    const end = contents + readNumber(bytes, begin + 1);
    if (bytes[begin] === id) return { begin, contents, end };
    begin = end;
  }
  return undefined;
}

/** Whether the first global that the module itself defines is a mutable i32. */
export function beginsWithMutableI32(bytes: Uint8Array): boolean {
  const section = findSection(bytes, GLOBAL_SECTION);
  if (section === undefined) return false;
  const first = skipNumber(bytes, section.contents);
  return bytes[first] === I32 && bytes[first + 1] === 1;
}

/**
 * The module with exports of some of its global variables, by their numbers, added. Nothing else changes, but what comes
 * after the exports moves by the bytes that are added. A module without exports stays as it is.
 */
export function exportGlobals(
  bytes: Uint8Array<ArrayBuffer>,
  globals: ReadonlyMap<string, number>,
): Uint8Array<ArrayBuffer> {
  const section = findSection(bytes, EXPORT_SECTION);
  if (section === undefined) return bytes;
  const { begin, contents, end } = section;
  const added = [...globals].flatMap(([name, global]) => {
    const text = Buffer.from(name);
    return [...writeNumber(text.length), ...text, GLOBAL, ...writeNumber(global)];
  });
  const count = writeNumber(readNumber(bytes, contents) + globals.size);
  const present = bytes.subarray(skipNumber(bytes, contents), end);
  const head = [EXPORT_SECTION, ...writeNumber(count.length + present.length + added.length), ...count];
  return new Uint8Array(
    Buffer.concat([bytes.subarray(0, begin), Buffer.from(head), present, Buffer.from(added), bytes.subarray(end)]),
  );
}
