/**
 * A minimal kernel: each image is a process with an address space of its own; they take turns on all processors. What the
 * machine calls is in this file; docs/kernels.md goes through the others in the order in which things happen.
 */

import { fail, processor } from "../../machine";
import { Interrupt, set_processor } from "../../privileged";
import { readArguments } from "./arguments";
import { findConsole } from "./console";
import { Failure } from "./failure";
import { create, reserveProcess } from "./life";
import { reserveFrames } from "./page-table";
import { fillPools, reserveBlocks } from "./paging";
import { beginMemory, information } from "./physical";
import { reserveProcesses } from "./process";
import { completed, current, reserveQueue, schedule, yieldToOthers } from "./scheduler";
import { answer } from "./traps";

export { Failure };

/** What every processor begins with; the first one makes the processes. */
export function boot(address: u32): void {
  beginMemory(address);
  readArguments();
  findConsole();
  reserveQueue();
  reserveFrames();
  reserveBlocks();
  reserveProcesses();
  for (let image: u32 = 1; image < information.imageCount; image++) reserveProcess(image);
  if (processor() == 0) {
    if (information.imageCount < 2) fail(Failure.NoImage);
    fillPools();
    for (let image: u32 = 1; image < information.imageCount; image++) create(image);
  }
  // A process has one processor, its own.
  set_processor(0, 1);
  schedule();
}

export function handle_trap(cause: u32, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  return answer(current!, cause, number, a, b, c, d);
}

export function handle_interrupt(number: u32, argument: u32): void {
  if (number == Interrupt.Completion) completed(argument);
  else if (number == Interrupt.Timer && current !== null) yieldToOthers();
}
