/**
 * Round robin: one ready queue for all processors. Each has a scheduler, the context that it booted with, which takes the
 * next process and switches to it. A process that is pre-empted, waits or ends switches back, and only then, when nobody
 * executes it any more, is it in the queue for others.
 *
 *     scheduler: take -> switch_to(process) ............................... -> Ready: to the queue; Waiting; Ended: release
 *     process:           user mode -> timer -> handler -> switch_to(scheduler) ...
 *
 * Interrupts are off in the kernel, but for a moment where the scheduler has nothing to run. A processor with nothing to run
 * marks itself idle under the queue's lock, and who makes a process ready interrupts an idle one: no wakeup is lost, since
 * `idle` returns if the interrupt has come before.
 */
import * as lock from "../../locks/test-and-test-and-set";
import { processor } from "../../machine";
import {
  context,
  drop_translations,
  enable_interrupts,
  Interrupt,
  idle,
  interrupt,
  io,
  release,
  set_space,
  set_timer,
  switch_to,
} from "../../privileged";
import { information, reserve } from "../../vm/physical";
import { quantum } from "./arguments";
import { Process, State } from "./process";

/** The interrupt that ends `idle`. */
const WAKE: u32 = Interrupt.First;

@unmanaged
class Queue {
  lock: u32;
  first: Process | null;
  last: Process | null;
}

/** What all processors share: the queue and, by processor, whether it is idle. */
let queue: Queue = changetype<Queue>(0);
let idleOnes: usize = 0;

/** The processor's own: its scheduler, the process that it executes, those that wait for devices that it has started. */
let scheduler: u32 = 0;
export let current: Process | null = null;
let waiting: Process | null = null;

export function reserveQueue(): void {
  queue = changetype<Queue>(reserve(offsetof<Queue>()));
  idleOnes = reserve(4 * information.processors);
}

/** To be called by the kernel of the processor that the process belongs to, and while nobody executes it. */
export function makeReady(process: Process): void {
  process.next = null;
  lock.acquire(changetype<usize>(queue), 0);
  const last = queue.last;
  if (last === null) queue.first = process;
  else last.next = process;
  queue.last = process;
  const sleeper = takeIdle();
  lock.release(changetype<usize>(queue), 0);
  if (sleeper != processor()) interrupt(sleeper, WAKE);
}

/** An idle processor, which is so no more; the caller's own if there is none. */
function takeIdle(): u32 {
  for (let p: u32 = 0; p < information.processors; p++) {
    if (load<u32>(idleOnes + 4 * p) == 0) continue;
    store<u32>(idleOnes + 4 * p, 0);
    return p;
  }
  return processor();
}

/** The process that has been ready for longest; if there is none, the processor is idle. */
function takeReady(): Process | null {
  lock.acquire(changetype<usize>(queue), 0);
  const process = queue.first;
  if (process !== null) {
    queue.first = process.next;
    if (process.next === null) queue.last = null;
  }
  store<u32>(idleOnes + 4 * processor(), process === null ? 1 : 0);
  lock.release(changetype<usize>(queue), 0);
  return process;
}

/** What each processor does from its boot on. */
export function schedule(): void {
  scheduler = context();
  while (true) {
    const process = takeReady();
    if (process === null) {
      idle();
      enable_interrupts(true);
      enable_interrupts(false);
      continue;
    }
    execute(process);
    if (process.state == State.Ready) makeReady(process);
    else if (process.state == State.Ended) forget(process);
  }
}

/** Executes a process until it switches back. */
function execute(process: Process): void {
  const space = process.space;
  set_space(space, information.walks ? <u32>process.root : 0);
  // Elsewhere it may have lost pages that this processor still has translations of; and others may have the same space.
  // Where there is one space, to set it drops them.
  const kept = process.lastProcessor == processor() && information.imageCount - 1 <= information.spaces;
  if (!kept && information.spaces > 1) drop_translations(space);
  process.lastProcessor = processor();
  current = process;
  set_timer(quantum);
  switch_to(process.context);
  current = null;
}

/** A process that has ended, whose stack nobody executes any more. */
function forget(process: Process): void {
  release(process.context);
  release(process.instance);
}

/** The processor's process goes back to the scheduler; when this returns, perhaps on another processor, it is executed again. */
export function suspend(state: State): void {
  current!.state = state;
  switch_to(scheduler);
}

/** The processor's process lets others run, if there are some. */
export function yieldToOthers(): void {
  lock.acquire(changetype<usize>(queue), 0);
  const others = queue.first !== null;
  lock.release(changetype<usize>(queue), 0);
  if (others) suspend(State.Ready);
  else set_timer(quantum);
}

/** The processor's process has nothing to do: others run, or the processor is idle for at most so many cycles, 1 or more. */
export function rest(cycles: u32): void {
  lock.acquire(changetype<usize>(queue), 0);
  const others = queue.first !== null;
  lock.release(changetype<usize>(queue), 0);
  if (others) {
    suspend(State.Ready);
    return;
  }
  set_timer(min(cycles, quantum));
  idle();
  enable_interrupts(true);
  enable_interrupts(false);
}

/** The processor's process starts a device and waits until it has ended. */
export function transfer(device: u32, command: u32, a: u32, b: u32): void {
  const process = current!;
  process.request = io(device, command, a, b);
  process.next = waiting;
  waiting = process;
  suspend(State.Waiting);
}

/** A device has ended the request of a process that waits here. */
export function completed(request: u32): void {
  let before: Process | null = null;
  let process = waiting;
  while (process !== null && process.request != request) {
    before = process;
    process = process.next;
  }
  if (process === null) return;
  if (before === null) waiting = process.next;
  else before.next = process.next;
  makeReady(process);
}
