/** What domains write to the console, and what the kernel says of them: a line is put together in a frame of its own. */

import { copyIn } from "../../calls/copying";
import { current, makeReady, suspend } from "../../calls/dispatcher";
import { Domain } from "../../calls/domain";
import { Thread } from "../../calls/thread";
import { Failure } from "../../failure";
import { fail } from "../../machine";
import { Command, Device, io } from "../../privileged";
import { frames } from "../../vm/page-table";
import { findDevice, information, NONE } from "../../vm/physical";
import { SystemError } from "../system-calls";

let console: u32 = 0;
/** Threads that wait for the console on this processor, which it will interrupt. */
let waiting: Thread | null = null;

export function findConsole(): void {
  console = findDevice(Device.Console);
}

/** Writes bytes of the domain's memory, as many at a time as a page has; how many, or an error. */
export function write(domain: Domain, address: u32, bytes: u32): u32 {
  const frame = takeFrame();
  for (let written: u32 = 0; written < bytes; ) {
    const part = min(bytes - written, information.pageBytes);
    if (!copyIn(domain, address + written, frame, part)) {
      frames.give(frame);
      return SystemError.BadAddress;
    }
    writeFrame(frame, part);
    written += part;
  }
  frames.give(frame);
  return bytes;
}

/** Writes a line: the name of the domain's image, and a text. */
export function say(domain: Domain, text: string): void {
  const frame = takeFrame();
  const nameBytes = min<u32>(domain.image.nameBytes, information.pageBytes / 2);
  memory.copy(frame, domain.image.name, nameBytes);
  let bytes = add(frame, nameBytes, ": ");
  bytes = add(frame, bytes, text);
  bytes = add(frame, bytes, "\n");
  writeFrame(frame, bytes);
  frames.give(frame);
}

function add(frame: u32, bytes: u32, text: string): u32 {
  for (let i = 0; i < text.length; i++) store<u8>(frame + bytes++, <u8>text.charCodeAt(i));
  return bytes;
}

function takeFrame(): u32 {
  const frame = frames.take();
  if (frame == NONE) fail(Failure.OutOfMemory);
  return frame;
}

/** The processor's thread waits until the console has a frame's first bytes. */
function writeFrame(frame: u32, bytes: u32): void {
  const thread = current!;
  thread.request = io(console, Command.Write, frame, bytes);
  thread.next = waiting;
  waiting = thread;
  suspend();
}

/** A device has ended the request of a thread that waits here. */
export function completed(request: u32): void {
  let before: Thread | null = null;
  let thread = waiting;
  while (thread !== null && thread.request != request) {
    before = thread;
    thread = thread.next;
  }
  if (thread === null) return;
  if (before === null) waiting = thread.next;
  else before.next = thread.next;
  makeReady(thread);
}
