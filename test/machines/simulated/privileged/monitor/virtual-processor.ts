/**
 * A processor of the guest's, which is always on the same one of the machine's. What the registers of a processor are on the
 * bare machine is here: mode, interrupt flag, space, the words of the last trap.
 */
import { fail } from "../../../../../kernel/machine";
import { Failure } from "./failure";
import { PROCESSORS } from "./memory";

@unmanaged
export class VirtualProcessor {
  index: u32;
  /** The instance of the guest's kernel on this processor. */
  kernel: u32;
  /** Whether the guest is in user mode, and takes interrupts in kernel mode. */
  user: bool;
  interrupts: bool;
  /** Whether the monitor waits: interrupts are kept then. */
  waits: bool;
  /** Whether a `call` of the guest's is to end, with a result, when the upcalls above it have ended. */
  abandons: bool;
  result: u32;
  space: u32;
  root: u32;
  /** What user mode is told by processor() and processors(). */
  number: u32;
  count: u32;
  /** By the guest's numbers. */
  context: u32;
  /** Interrupts that the guest has not taken, as bits; those that others have sent; and requests that have ended. */
  pending: u32;
  sent: u32;
  firstCompletion: u32;
  lastCompletion: u32;
  /** Tables that a walking machine reads: of the guest's kernel, and the shadow of those in the guest's memory. */
  kernelTables: u32;
  shadowTables: u32;
}

const BYTES: u32 = 1024;
const COMPLETIONS: u32 = 256;
const COMPLETIONS_MOST: u32 = 64;
const WORDS: u32 = 512;
export const WORDS_MOST: u32 = 32;

/** The processor's own. */
export let here: VirtualProcessor = changetype<VirtualProcessor>(0);

export function beginProcessor(index: u32): void {
  here = virtualProcessor(index);
  here.index = index;
}

export function virtualProcessor(index: u32): VirtualProcessor {
  return changetype<VirtualProcessor>(PROCESSORS + index * BYTES);
}

/** Where a word of the program's last trap is kept. */
export function wordAt(index: u32): usize {
  return changetype<usize>(here) + WORDS + 4 * index;
}

function completionAt(position: u32): usize {
  return changetype<usize>(here) + COMPLETIONS + 4 * (position % COMPLETIONS_MOST);
}

export function addCompletion(request: u32): void {
  if (here.lastCompletion - here.firstCompletion == COMPLETIONS_MOST) fail(Failure.OutOfCompletions);
  store<u32>(completionAt(here.lastCompletion++), request);
}

export function hasCompletion(): bool {
  return here.firstCompletion != here.lastCompletion;
}

export function takeCompletion(): u32 {
  return load<u32>(completionAt(here.firstCompletion++));
}
