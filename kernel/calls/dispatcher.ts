/**
 * Dispatcher: which thread a processor executes. A thread that waits gives its processor to one that it has made ready itself
 * (handoff), or to the processor's dispatcher, the context that it booted with. That takes the next thread: first one that
 * may be executed here alone, then one of the queue that all share.
 *
 *     handOff:  current -> switch_to(other) ............. -> arrived
 *     leave:    current -> switch_to(dispatcher) -> take -> switch_to(next) -> arrived
 *
 * Who made a thread ready may have been quicker than its processor in leaving its stack. So who switches to it waits until
 * `executed` is 0, which the next thread on that processor sets, as the first thing that it does: nothing keeps it from
 * that, since interrupts are off and no lock is asked for in between. After both functions the processor may be another.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, section 2.3 (handoff)
 */
import { read, write } from "../atomics";
import * as lock from "../locks/test-and-test-and-set";
import { pause, processor } from "../machine";
import { context, enable_interrupts, Interrupt, idle, interrupt, set_space, set_timer, switch_to } from "../privileged";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { busiest, claimIdle, idleIn, idleNoMore, reservePlaces, send, sent } from "./caching";
import { Domain, domainOf } from "./domain";
import { forget, Thread } from "./thread";

/** The interrupt that ends `idle`. */
const WAKE: u32 = Interrupt.First;
/** How often an idle processor looks whether a thread is sent, before it looks at all else. */
const LOOKS: u32 = 16;
/** Of `lastSpace`: no domain. */
const NOWHERE: u32 = 0;

@unmanaged
class Queue {
  lock: u32;
  first: Thread | null;
  last: Thread | null;
}

/** What all processors share: the queue and, by processor, a line with whether it is idle. */
let queue: Queue = changetype<Queue>(0);
let idleOnes: usize = 0;

/** The processor's own. */
export let current: Thread | null = null;
let dispatcher: u32 = 0;
/** Threads that are to be executed here, before all others. */
let firstHere: Thread | null = null;
let lastHere: Thread | null = null;
/** Whose stack the processor has just left. */
let left: Thread | null = null;
/** The number of the domain in whose space the processor is. */
let entered: u32 = NOWHERE;
let stops: bool = false;

let quantum: u32 = 0;
/** Whether idle processors keep domains. */
export let caching: bool = false;

/**
 * The same on every processor. `cycles`: after which a thread is pre-empted if others are ready; 0 for never. `cachesDomains`:
 * whether idle processors do.
 */
export function reserveDispatcher(cycles: u32, cachesDomains: bool): void {
  quantum = cycles;
  caching = cachesDomains;
  if (caching) reservePlaces();
  queue = changetype<Queue>(reserve(offsetof<Queue>()));
  idleOnes = reserve(LINE * information.processors);
}

/** The processor's translations are those of a domain from now on. */
export function enter(domain: Domain): void {
  if (entered == domain.number) return;
  entered = domain.number;
  set_space(domain.space, information.walks ? <u32>domain.root : 0);
}

/** The processor's thread enters a domain, on a processor that idles in it if there is one: true if it is on another one. */
export function cross(domain: Domain): bool {
  if (entered == domain.number) return false;
  const to = claimIdle(domain.number);
  if (to == NONE) {
    enter(domain);
    return false;
  }
  send(current!, to);
  leave();
  return true;
}

/** A thread that nobody executes, or that is about to leave its stack, can be executed by any processor. */
export function makeReady(thread: Thread): void {
  thread.next = null;
  lock.acquire(changetype<usize>(queue), 0);
  const last = queue.last;
  if (last === null) queue.first = thread;
  else last.next = thread;
  queue.last = thread;
  const sleeper = takeIdle();
  lock.release(changetype<usize>(queue), 0);
  if (sleeper != processor()) interrupt(sleeper, WAKE);
}

/** The same by this processor alone, and before all others: without a lock and without anything shared. */
export function makeReadyHere(thread: Thread): void {
  thread.next = null;
  const last = lastHere;
  if (last === null) firstHere = thread;
  else last.next = thread;
  lastHere = thread;
}

function takeHere(): Thread | null {
  const thread = firstHere;
  if (thread === null) return null;
  firstHere = thread.next;
  if (firstHere === null) lastHere = null;
  return thread;
}

/** An idle processor, which is so no more; the caller's own if there is none. */
function takeIdle(): u32 {
  for (let p: u32 = 0; p < information.processors; p++) {
    if (load<u32>(idleOnes + LINE * p) == 0) continue;
    store<u32>(idleOnes + LINE * p, 0);
    return p;
  }
  return processor();
}

/** The next thread for this processor; if there is none, the processor is idle. */
function take(): Thread | null {
  const here = takeHere();
  if (here !== null || stops) return here;
  lock.acquire(changetype<usize>(queue), 0);
  const thread = queue.first;
  if (thread !== null) {
    queue.first = thread.next;
    if (thread.next === null) queue.last = null;
  }
  store<u32>(idleOnes + LINE * processor(), u32(thread === null));
  lock.release(changetype<usize>(queue), 0);
  return thread;
}

/** What each processor does from its boot on. */
export function dispatch(): void {
  dispatcher = context();
  while (true) {
    let thread = take();
    if (thread === null) thread = wait();
    if (thread === null) continue;
    execute(thread);
    const back = left!;
    left = null;
    if (back.ended) forget(back);
    else write(offset(back), 0);
  }
}

/** Nothing is to be executed: the processor sleeps, or idles in a domain until a thread is sent to it. */
function wait(): Thread | null {
  if (!caching || stops) {
    idle();
    takeInterrupts();
    return null;
  }
  idleIn(entered);
  for (let looks: u32 = 1; ; looks++) {
    const thread = sent();
    if (thread !== null) return thread;
    if (looks % LOOKS != 0) continue;
    takeInterrupts();
    if (firstHere !== null || stops || read(changetype<usize>(queue) + offsetof<Queue>("first")) != 0) break;
    const domain = busiest(entered);
    if (domain == entered) continue;
    const before = idleNoMore();
    if (before !== null) return before;
    enter(domainOf(domain));
    idleIn(domain);
  }
  const thread = idleNoMore();
  if (thread === null || !stops) return thread;
  makeReady(thread);
  return null;
}

function takeInterrupts(): void {
  enable_interrupts(true);
  enable_interrupts(false);
}

/** This processor executes a thread from now on; returns where its own stack is executed again. */
function execute(thread: Thread): void {
  while (read(offset(thread)) != 0) pause();
  thread.executed = 1;
  left = current;
  current = thread;
  enter(thread.domain);
  if (quantum != 0) set_timer(quantum);
  switch_to(thread.context);
}

function offset(thread: Thread): usize {
  return changetype<usize>(thread) + offsetof<Thread>("executed");
}

/** The first thing that a thread does on a processor. */
export function arrived(): void {
  const before = left;
  if (before !== null) write(offset(before), 0);
  left = null;
}

/** The processor's thread waits, and another one goes on in its place. */
export function handOff(to: Thread): void {
  execute(to);
  arrived();
}

/** The processor's thread waits; others are executed. */
export function suspend(): void {
  const next = takeHere();
  if (next === null) leave();
  else handOff(next);
}

/** Threads that are to be executed here are, and the processor's own goes on after them. */
export function yieldHere(): void {
  const next = takeHere();
  if (next === null) return;
  makeReadyHere(current!);
  handOff(next);
}

/** The time of the processor's thread is over: others go on, if some are ready. */
export function preempt(): void {
  if (current === null) return;
  lock.acquire(changetype<usize>(queue), 0);
  const others = queue.first !== null || firstHere !== null;
  lock.release(changetype<usize>(queue), 0);
  if (others) {
    makeReady(current!);
    leave();
  } else {
    set_timer(quantum);
  }
}

/** The processor's thread has ended; does not return. */
export function endThread(): void {
  current!.ended = true;
  leave();
}

/** To the dispatcher. */
function leave(): void {
  left = current;
  current = null;
  switch_to(dispatcher);
  arrived();
}

/** The processor executes nothing any more. Its threads go on elsewhere. */
export function stopHere(): void {
  stops = true;
  lock.acquire(changetype<usize>(queue), 0);
  store<u32>(idleOnes + LINE * processor(), 0);
  lock.release(changetype<usize>(queue), 0);
  for (let thread = takeHere(); thread !== null; thread = takeHere()) makeReady(thread);
  if (current === null) return;
  makeReady(current!);
  leave();
}
