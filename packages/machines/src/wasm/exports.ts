/** A module's exports as its bytes have them. */
import { KINDS, type Kind } from "./imports.js";
import type { Reader } from "./reader.js";
import { SECTION, sectionsOf } from "./sections.js";

export interface Export {
  readonly name: string;
  readonly kind: Kind;
  readonly index: number;
}

/** Reads an entry of the export section. */
export function readExport(reader: Reader): Export {
  return { name: reader.name(), kind: KINDS[reader.byte()]!, index: reader.unsigned() };
}

/** The names of all that a module exports. */
export function exportedNames(bytes: Uint8Array): Set<string> {
  for (const { id, contents } of sectionsOf(bytes)) {
    if (id === SECTION.export) return new Set(contents.vector(() => readExport(contents).name));
  }
  return new Set();
}
