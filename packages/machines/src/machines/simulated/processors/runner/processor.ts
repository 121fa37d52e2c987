/** Imports: the exports of the interpreter, whose memory is this module's, too. */
import { Stop } from "../../../../processor/interpreter/stop";

/** Lets a processor compute until its next stop; see src/processor/interpreter/interpreter.ts. */
export declare function run(processor: u32, low: u32, high: u32): Stop;

/** Keeps a processor's state for `unchanged`. */
export declare function remember(processor: u32): void;

/** Whether a processor's state is the one that it had at the last `remember`. */
export declare function unchanged(processor: u32): bool;
