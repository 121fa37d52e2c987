/**
 * Thread: a stack that the kernel knows by its context, and the domain in whose space it executes now. A call may take it to
 * another domain and back.
 *
 * A thread belongs to one processor at a time, whose kernel alone touches it: to the one that executes it; while it waits, to
 * whoever finds it where it said that it waits. That may be before it has left its stack: `executed` says when it has.
 */
import { create_context, ENTRY, release } from "../privileged";
import { LINE, NONE, reserve } from "../vm/physical";
import { Pool } from "../vm/pool";
import { Domain } from "./domain";
import { Linkage } from "./linkage";

@unmanaged
export class Thread {
  /** In the one queue in which it is. */
  next: Thread | null;
  number: u32;
  context: u32;
  /** 1 from when it is made current until the processor has left its stack. */
  executed: u32;
  /** Where it executes. */
  domain: Domain;
  /** What it began with: a function of an image, and that function's argument. */
  entry: u32;
  argument: u32;
  ended: bool;
  /** Message: the packet that it serves, or that brings its answer; and whether it was given the global lock. */
  packet: usize;
  handed: bool;
  /** Protected procedure calls: the innermost worker whose caller it is. */
  worker: usize;
  /** Lightweight calls: the innermost one's linkage. */
  linkage: Linkage | null;
  /** The number of a domain that wants its call back; and the aborted call to which a copy goes. */
  abortedBy: u32;
  aborting: Linkage | null;
  /** Protected procedure calls on other processors: which one it has selected, its request, or the one that it serves there. */
  target: u32;
  request: usize;
}

let threads: usize = 0;
let most: u32 = 0;
let free: Pool = changetype<Pool>(0);

/** Room for so many, the same on every processor. */
export function reserveThreads(count: u32): void {
  most = count;
  threads = reserve(count * LINE);
  free = Pool.reserve(count);
}

/** To be called by one processor. */
export function fillThreads(): void {
  for (let i: u32 = 0; i < most; i++) free.give(i);
}

/** A thread that begins at a function of the kernel, given as for `create_context`; null if there are as many as can be. */
export function createThread(entry: u32, domain: Domain): Thread | null {
  const thread = takeThread(domain);
  if (thread !== null) thread.context = create_context(entry | ENTRY, changetype<u32>(thread));
  return thread;
}

/** A thread without a context, which is in a domain; null if there are as many as can be. */
export function takeThread(domain: Domain): Thread | null {
  const number = free.take();
  if (number == NONE) return null;
  const thread = changetype<Thread>(threads + number * LINE);
  memory.fill(changetype<usize>(thread), 0, offsetof<Thread>());
  thread.number = number;
  thread.domain = domain;
  return thread;
}

/** A thread by its number; null if there is none. It may have ended. */
export function threadOf(number: u32): Thread | null {
  return number < most ? changetype<Thread>(threads + number * LINE) : null;
}

/** A thread that has ended, whose stack nobody executes any more. */
export function forget(thread: Thread): void {
  release(thread.context);
  free.give(thread.number);
}
