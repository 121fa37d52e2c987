import { readNumber, skipNumber, writeNumber } from "./variable-length.js";

const PREAMBLE = 8;
const EXPORT_SECTION = 7;
const GLOBAL = 3;

/**
 * The module with exports of some of its global variables, by their numbers, added. Nothing else changes, but what comes after the
 * exports moves by the bytes that are added. A module without exports stays as it is.
 */
export function exportGlobals(
  bytes: Uint8Array<ArrayBuffer>,
  globals: ReadonlyMap<string, number>,
): Uint8Array<ArrayBuffer> {
  for (let section = PREAMBLE; section < bytes.length; ) {
    const contents = skipNumber(bytes, section + 1);
    const end = contents + readNumber(bytes, section + 1);
    if (bytes[section] === EXPORT_SECTION) {
      const added = [...globals].flatMap(([name, global]) => {
        const text = Buffer.from(name);
        return [...writeNumber(text.length), ...text, GLOBAL, ...writeNumber(global)];
      });
      const count = writeNumber(readNumber(bytes, contents) + globals.size);
      const present = bytes.subarray(skipNumber(bytes, contents), end);
      const head = [EXPORT_SECTION, ...writeNumber(count.length + present.length + added.length), ...count];
      return new Uint8Array(
        Buffer.concat([
          bytes.subarray(0, section),
          Buffer.from(head),
          present,
          Buffer.from(added),
          bytes.subarray(end),
        ]),
      );
    }
    section = end;
  }
  return bytes;
}
