/** A module's global variables, for which nothing else of the module has to be understood. */
import { SECTION, type Section, sectionsOf } from "./sections.js";

const GLOBAL = 3;
const I32 = 0x7f;

function findSection(bytes: Uint8Array, id: number): Section | undefined {
  for (const section of sectionsOf(bytes)) if (section.id === id) return section;
  return undefined;
}

/** Whether the first global that the module itself defines is a mutable i32. */
export function beginsWithMutableI32(bytes: Uint8Array): boolean {
  const section = findSection(bytes, SECTION.global);
  if (section === undefined || section.contents.unsigned() === 0) return false;
  return section.contents.byte() === I32 && section.contents.byte() === 1;
}

/**
 * The module with exports of some of its global variables, by their numbers, added. Nothing else changes, but what comes
 * after the exports moves by the bytes that are added. A module without exports stays as it is.
 */
export function exportGlobals(
  bytes: Uint8Array<ArrayBuffer>,
  globals: ReadonlyMap<string, number>,
): Uint8Array<ArrayBuffer> {
  const section = findSection(bytes, SECTION.export);
  if (section === undefined) return bytes;
  const { begin, contents } = section;
  const added = [...globals].flatMap(([name, global]) => {
    const text = new TextEncoder().encode(name);
    return [...writeNumber(text.length), ...text, GLOBAL, ...writeNumber(global)];
  });
  const count = writeNumber(contents.unsigned() + globals.size);
  const present = bytes.subarray(contents.position, contents.end);
  const head = [SECTION.export, ...writeNumber(count.length + present.length + added.length), ...count];
  return joined([bytes.subarray(0, begin), head, present, added, bytes.subarray(contents.end)]);
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** An unsigned number of variable length. */
export function writeNumber(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) | 0x80, ...writeNumber(Math.floor(number / 128))];
}
