/**
 * A kernel of domains that call each other: image 1 is the client, image 2 the server, others are there to be called. It is a
 * composition of kernel/calls: what calls are is there, docs/calls.md goes through it.
 *
 * Each domain's memory is in frames for good, and threads take turns only if `quantum` says so: calls are what is measured.
 * The machine stops when all threads of the client have ended, with the sum of what their functions return.
 */

import { reserveBindings } from "../../calls/binding";
import { abortIfAsked } from "../../calls/captured";
import { current, dispatch, preempt, reserveDispatcher } from "../../calls/dispatcher";
import { createDomain, reserveDomain, reserveDomains } from "../../calls/domain";
import { reserveStacks } from "../../calls/e-stacks";
import { CallEvent } from "../../calls/events";
import { reserveInterfaces } from "../../calls/interfaces";
import { openPorts, reserveMessages } from "../../calls/message";
import { CallError } from "../../calls/numbers";
import { fillWorkers, reserveWorkers } from "../../calls/ppc";
import { interrupted, openInboxes, REMOTE, reserveInboxes } from "../../calls/remote-ppc";
import { fillThreads, reserveThreads } from "../../calls/thread";
import { Failure } from "../../failure";
import { fail, processor } from "../../machine";
import { abandon, Interrupt, set_processor } from "../../privileged";
import { frames, reserveFrames } from "../../vm/page-table";
import { beginMemory, information, reserved } from "../../vm/physical";
import { caching, clients, globalLock, handoff, quantum, readArguments, servers } from "./arguments";
import { completed, findConsole } from "./console";
import { reserveCounts, start } from "./life";
import { domainsEnded, STOP, stopProcessor, TERMINATED } from "./termination";
import { answer } from "./traps";

export { CallEvent as Event, Failure };

/** The most calls at once, of all clients. */
const MOST_CALLS: u32 = 64;

/** What every processor begins with; the first one makes domains and threads, and others execute them meanwhile. */
export function boot(address: u32): void {
  beginMemory(address);
  readArguments();
  findConsole();
  const threads = 2 * (clients + servers) + 2 * MOST_CALLS;
  reserveDispatcher(quantum, caching != 0);
  reserveFrames();
  reserveDomains();
  reserveThreads(threads);
  reserveMessages(MOST_CALLS, globalLock != 0, handoff != 0);
  reserveWorkers(processor(), 2 * MOST_CALLS);
  reserveInboxes(threads);
  reserveInterfaces();
  reserveStacks();
  reserveBindings();
  reserveCounts();
  if (processor() == 0) begin();
  // As a program sees it, it has all processors.
  set_processor(processor(), information.processors);
  dispatch();
}

function begin(): void {
  if (information.imageCount < 3) fail(Failure.NoImage);
  for (let image: u32 = 1; image < information.imageCount; image++) reserveDomain(image);
  const page = information.pageBytes;
  for (let at = (reserved() + page - 1) & ~(page - 1); at + page <= changetype<u32>(information); at += page) {
    frames.give(at);
  }
  for (let image: u32 = 1; image < information.imageCount; image++) createDomain(image);
  fillThreads();
  openPorts();
  fillWorkers();
  openInboxes();
  start();
}

export function handle_trap(cause: u32, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  return answer(current!, cause, number, a, b, c, d);
}

export function handle_interrupt(number: u32, argument: u32): void {
  switch (number) {
    case Interrupt.Timer:
      preempt();
      break;
    case Interrupt.Completion:
      completed(argument);
      break;
    case REMOTE:
      interrupted();
      break;
    case TERMINATED:
      domainsEnded();
      break;
    case STOP:
      stopProcessor();
      break;
    default:
      // Somebody has made a thread ready.
      break;
  }
  // Perhaps on another processor, after others; what was interrupted may be in a domain that is no more.
  const thread = current;
  if (thread === null) return;
  if (!thread.domain.alive) abandon(CallError.CallFailed);
  abortIfAsked(thread);
}
