/** The last stop, at fixed addresses that the other side reads. Must equal the numbers in processors.ts. */
export const ADDRESS: u32 = 0;
export const ACCESS: u32 = 4;
export const LOW: u32 = 8;
export const LOW_2: u32 = 16;
export const PC: u32 = 24;
export const INSTRUCTIONS: u32 = 28;
export const DELAY: u32 = 32;
export const IMPORT: u32 = 40;
export const ARGUMENTS: u32 = 44;
export const TRAP: u32 = 48;

/** Why the interpreter returned. Must equal STOP in processors.ts. */
export enum Stop {
  load,
  store,
  readModifyWrite,
  compareExchange,
  wait,
  notify,
  fence,
  memorySize,
  memoryGrow,
  call,
  returned,
  trap,
  budget,
  /** With a kernel mode: a function is entered, or returned to, whose page of code is looked up. */
  fetch,
  /** The same: last bytes of a bulk operation's operands are translated; see bulk.ts. */
  probe,
}
