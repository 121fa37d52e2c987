/** A module's memory, for which nothing else of the module has to be understood. */
import { BinaryReader, bytesToString, type IImportEntry, type IMemoryType } from "wasmparser";
import { unsupported } from "./features.js";
import type { Memory } from "./module.js";
import { skipNumber } from "./variable-length.js";

/** wasmparser's states, which are an ambient const enum there. */
const STATE = { beginSection: 3, import: 12, memory: 15 } as const;
const IMPORT_SECTION = 2;
const MEMORY_SECTION = 5;
const MEMORY = 2;
/** The bit in the limits' flags that says that addresses have 64 bits, over which wasmparser passes. */
const ADDRESS_64 = 4;
/** Pages that 32 bits can address. */
const MAXIMUM_PAGES = 65536;

/**
 * The memory of a module that the platform accepts; undefined if it has none. `where` is for messages.
 *
 * @throws {Error} if it has several, or one with 64-bit addresses
 */
export function readMemory(bytes: Uint8Array, where: string): Memory | undefined {
  const reader = new BinaryReader();
  reader.setData(bytes.slice().buffer, 0, bytes.length);
  let memory: Memory | undefined;
  const take = ({ limits, shared }: IMemoryType, flags: number, imported: Memory["imported"]) => {
    if (memory) throw unsupported("several memories", where);
    if (bytes[flags]! & ADDRESS_64) throw unsupported("64-bit memory", where);
    memory = { initial: limits.initial, maximum: limits.maximum ?? MAXIMUM_PAGES, shared, imported };
  };
  for (;;) {
    const begins = (reader.state as number) === STATE.beginSection;
    // A section begins with the number of its entries.
    const position = begins ? skipNumber(bytes, reader.position) : reader.position;
    if (!reader.read()) return memory;
    const result: unknown = reader.result;
    switch (reader.state as number) {
      case STATE.beginSection: {
        const { id } = result as { id: number };
        if (id !== IMPORT_SECTION && id !== MEMORY_SECTION) reader.skipSection();
        break;
      }
      case STATE.import: {
        const { module, field, kind, type } = result as IImportEntry;
        if ((kind as number) !== MEMORY) break;
        const name = skipNumber(bytes, position) + module.length;
        const flags = skipNumber(bytes, name) + field.length + 1;
        take(type as IMemoryType, flags, { module: bytesToString(module), name: bytesToString(field) });
        break;
      }
      case STATE.memory:
        take(result as IMemoryType, position, undefined);
    }
  }
}
