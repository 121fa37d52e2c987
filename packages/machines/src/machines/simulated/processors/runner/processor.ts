/** Imports: the exports of the interpreter, whose memory is this module's, too. */
import { Stop } from "../../../../processor/interpreter/stop";

/** Lets a processor compute until its next stop; see src/processor/interpreter/interpreter.ts. */
export declare function run(processor: u32, low: u32, high: u32): Stop;

/** With a kernel mode: the address of the processor's registers; see src/processor/interpreter/registers.ts. */
export declare function registersOf(processor: u32): u32;

/** Keeps a processor's state for `unchanged`. */
export declare function remember(processor: u32): void;

/** Whether a processor's state is the one that it had at the last `remember`. */
export declare function unchanged(processor: u32): bool;
