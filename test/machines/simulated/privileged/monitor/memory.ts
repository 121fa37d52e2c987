/**
 * Physical memory: in its first quarter what the monitor keeps, in its second the guest's memory, whose frames are in
 * reverse order. Addresses of the guest's are called guest-physical.
 *
 *     | static data | SHARED | PROCESSORS | NUMBERS | STARTS | TRACE | TABLES | frame n, ..., 1, 0 | ... | information |
 */
import { Information } from "../../../../../kernel/information";
import { fail } from "../../../../../kernel/machine";
import { Failure } from "./failure";

/** Words that all processors share. */
export const SHARED: usize = 0x20000;
export const PROCESSORS: u32 = 0x21000;
export const NUMBERS: usize = 0x30000;
export const STARTS: u32 = 0x40000;
export const TRACE: usize = 0x50000;
export const TABLES: u32 = 0x80000;

/** The machine's own, not the guest's. */
export let information: Information = changetype<Information>(0);

/** Bytes of the guest's memory. */
export let guestBytes: u32 = 0;

export function beginMemory(address: u32): void {
  information = changetype<Information>(address);
  guestBytes = (information.frames / 4) * information.pageBytes;
}

/** Where a guest-physical address is. */
export function physical(address: u32): u32 {
  if (address >= guestBytes) fail(Failure.GuestOutOfBounds);
  const within = address & (information.pageBytes - 1);
  return 2 * guestBytes - information.pageBytes - (address - within) + within;
}
