/** Imports: the program's memory; see src/processor/guest/guest.ts. */

export declare function read(address: u32, size: u32): u64;
export declare function write(address: u32, size: u32, value: u64): void;
