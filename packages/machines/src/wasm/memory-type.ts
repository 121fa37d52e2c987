/** A module's memory, for which nothing else of the module has to be understood. */
import { unsupported } from "./features.js";
import { readImport } from "./imports.js";
import { type Limits, readLimits } from "./limits.js";
import type { Memory } from "./module.js";
import { SECTION, sectionsOf } from "./sections.js";

/** Pages that 32 bits can address. */
const MAXIMUM_PAGES = 65536;

/**
 * The memory of a module that the platform accepts; undefined if it has none. `where` is for messages.
 *
 * @throws {Error} if it has several, or one with 64-bit addresses
 */
export function readMemory(bytes: Uint8Array, where: string): Memory | undefined {
  let memory: Memory | undefined;
  const take = ({ initial, maximum, shared, wide }: Limits, imported: Memory["imported"]) => {
    if (memory) throw unsupported("several memories", where);
    if (wide) throw unsupported("64-bit memory", where);
    memory = { initial, maximum: maximum ?? MAXIMUM_PAGES, shared, imported };
  };
  for (const { id, contents } of sectionsOf(bytes)) {
    if (id === SECTION.import) {
      for (const { module, name, limits } of contents.vector(() => readImport(contents))) {
        if (limits) take(limits, { module, name });
      }
    }
    if (id === SECTION.memory)
      for (const limits of contents.vector(() => readLimits(contents))) take(limits, undefined);
  }
  return memory;
}
