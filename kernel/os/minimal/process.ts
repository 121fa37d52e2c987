/**
 * Process: one for each image but the kernel's, with that image's number. It has one thread.
 *
 * A process belongs to one processor at a time, whose kernel alone touches it: to the one that executes it; while it waits
 * for a device, to the one that will be interrupted; while it is ready, to the one that takes it from the ready queue.
 */
import { ImageInformation } from "../../information";
import { information, LINE, reserve } from "../../vm/physical";

/** Why a process has gone back to the scheduler. */
export enum State {
  Ready,
  Waiting,
  Ended,
}

@unmanaged
export class Process {
  /** In the ready queue, or in the list of those that wait. */
  next: Process | null;
  number: u32;
  image: ImageInformation;
  state: State;
  /** Its stack and its globals, by their numbers. */
  context: u32;
  instance: u32;
  /** Whether it has exited or was killed, before its first function returned. */
  exited: bool;
  /** What the device will answer with that it waits for. */
  request: u32;
  /** By which the TLB tells its pages from others', and on which processor it was last: there alone they are right. */
  space: u32;
  lastProcessor: u32;
  /** Of its page table. */
  root: usize;
  /** Of its memory, each of 64 KiB. */
  memoryPages: u32;
  /** The pages of its memory that have frames, where these are limited: how many, a list, and what chance goes on with. */
  residents: u32;
  residentList: usize;
  random: u32;
  /** A line for the console, in a frame of its own, and its bytes so far. */
  line: usize;
  lineBytes: u32;
}

/** Bytes of a process, and of what lies between it and the next. */
const BYTES: u32 = LINE;

let processes: usize = 0;

export function reserveProcesses(): void {
  processes = reserve(information.imageCount * BYTES);
}

export function processOf(number: u32): Process {
  return changetype<Process>(processes + number * BYTES);
}
