/**
 * What the runner keeps of each processor, in the interpreter's memory, where both sides read and write it.
 *
 *     | what it stopped for | at, instructions, result, rank | its cache | its spinning | the lines it spins on |
 *       0                     32                               64          96             192             256
 *
 * Must equal RECORD in src/machines/simulated/processors/record.ts.
 */
export const RECORD_BYTES: u32 = 256;

/** As the interpreter describes it; see src/processor/interpreter/stop.ts. */
export const ADDRESS: u32 = 0;
export const ACCESS: u32 = 4;
export const LOW: u32 = 8;
export const LOW_2: u32 = 16;
export const PC: u32 = 24;
/** Which stop it is. */
export const KIND: u32 = 28;

/** f64: when it goes on; when its access takes place, while one is due. */
export const AT: u32 = 32;
/** f64: executed so far. */
export const INSTRUCTIONS: u32 = 40;
/** u64: the bits of its last stop's result. */
export const RESULT: u32 = 48;
/** u32: its turn among processors that act in the same cycle. */
export const RANK: u32 = 56;

/** u32: the turn that it has had before it is due; 0 for none. */
export const EARLY: u32 = 60;

/**
 * u32: the addresses of its cache's arrays; see src/machines/simulated/memory/cache.ts. STATES is 0 where nothing is
 * cached.
 */
export const STATES: u32 = 64;
export const TAGS: u32 = 68;
export const USED: u32 = 72;
export const GUESSES: u32 = 76;
export const TALLY: u32 = 80;
/** u32: the address of its miss history's bytes by slot. */
export const DROPPED: u32 = 84;

/** u64 and u32: for which import, with which arguments, and for which trap it stopped then. */
export const EARLY_CALL: u32 = 88;
export const EARLY_TRAP: u32 = 180;

/** u32: with a kernel mode, the address that it stopped with; ADDRESS is the physical one, once that is known. */
export const VIRTUAL: u32 = 184;

/** u64: loads that it made without anything else between them. */
export const LOADS: u32 = 96;
/** u64: of how many loads the checkpoint is the last one next. */
export const NEXT_CHECKPOINT: u32 = 104;
/** The checkpoint: pc (-1 for none), address, time, instructions, loads, the last write. */
export const CHECKPOINT_PC: u32 = 112;
export const CHECKPOINT_ADDRESS: u32 = 116;
export const CHECKPOINT_TIME: u32 = 120;
export const CHECKPOINT_INSTRUCTIONS: u32 = 128;
export const CHECKPOINT_LOADS: u32 = 136;
export const CHECKPOINT_WRITE: u32 = 144;
/** f64: of the loop that was found: cycles, instructions and loads of one turn. */
export const PERIOD: u32 = 152;
export const TURN_INSTRUCTIONS: u32 = 160;
export const TURN_LOADS: u32 = 168;
/** u32: how many lines the loop reads, and their addresses. */
export const LINES: u32 = 176;
export const LINE: u32 = 192;

let records: u32 = 0;

export function setRecords(address: u32): void {
  records = address;
}

export function recordOf(processor: u32): u32 {
  return records + RECORD_BYTES * processor;
}
