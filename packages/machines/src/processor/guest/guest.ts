/**
 * Loads and stores in a program's memory, for other modules' instances, which have a memory of their own. Compiled twice:
 * for memories that are shared and for those that are not.
 */

/** The 1, 2, 4 or 8 bytes at an address, zero-extended. */
export function read(address: u32, size: u32): u64 {
  switch (size) {
    case 1:
      return load<u8>(address);
    case 2:
      return load<u16>(address);
    case 4:
      return load<u32>(address);
    default:
      return load<u64>(address);
  }
}

/** Writes the lowest 1, 2, 4 or 8 bytes of a value. */
export function write(address: u32, size: u32, value: u64): void {
  switch (size) {
    case 1:
      store<u8>(address, value);
      return;
    case 2:
      store<u16>(address, value);
      return;
    case 4:
      store<u32>(address, <u32>value);
      return;
    default:
      store<u64>(address, value);
      return;
  }
}
