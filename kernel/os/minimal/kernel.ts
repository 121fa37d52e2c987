/**
 * A minimal kernel: each image is a process with an address space of its own; they take turns on all processors. What the
 * machine calls is in this file; docs/kernels.md goes through the others in the order in which things happen.
 */

import { Failure } from "../../failure";
import { fail, processor } from "../../machine";
import { Interrupt, set_processor } from "../../privileged";
import { reserveFrames } from "../../vm/page-table";
import { beginMemory, information } from "../../vm/physical";
import { readArguments } from "./arguments";
import { findConsole } from "./console";
import { fillBlocks, reserveBlocks } from "./eviction";
import { create, reserveProcess } from "./life";
import { fillFrames } from "./paging";
import { processOf, reserveProcesses } from "./process";
import { completed, current, reserveQueue, schedule, yieldToOthers } from "./scheduler";
import { answer } from "./traps";

export { Failure };

/** What every processor begins with; the first one makes the processes, and others execute them meanwhile. */
export function boot(address: u32): void {
  beginMemory(address);
  readArguments();
  findConsole();
  reserveQueue();
  reserveFrames();
  reserveBlocks();
  if (processor() == 0) makeProcesses();
  // As a process sees it, it has one processor.
  set_processor(0, 1);
  schedule();
}

/** One for each image but the kernel's. */
function makeProcesses(): void {
  const images = information.imageCount;
  if (images < 2) fail(Failure.NoImage);
  reserveProcesses();
  for (let image: u32 = 1; image < images; image++) reserveProcess(image);
  fillFrames();
  fillBlocks();
  for (let image: u32 = 1; image < images; image++) create(processOf(image));
}

export function handle_trap(cause: u32, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  return answer(current!, cause, number, a, b, c, d);
}

export function handle_interrupt(number: u32, argument: u32): void {
  if (number == Interrupt.Completion) completed(argument);
  else if (number == Interrupt.Timer && current !== null) yieldToOthers();
}
