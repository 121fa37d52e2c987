/**
 * Protected procedure call on another processor: an interrupt there and one back. The caller waits, and others are executed
 * meanwhile; there, a thread of the kernel's that the processor has ready makes the call like any client of its own: a full
 * context switch on both sides.
 *
 *     request:  | next | answered | caller | from | binding | procedure | a | b | c | d | result |     a line of the caller's
 *     inbox:    | lock | open | first | last |                                                   one for each processor
 *
 *     caller: request into the target's inbox -> interrupt -> waits ................................ -> result
 *     target:         interrupt -> helper is ready here -> call -> request into the caller's inbox -> interrupt
 *
 * Invariant: a request is in one inbox, or with one helper, or the caller's. A caller's processor executes the caller again
 * itself, because the answer comes to its inbox.
 *
 * A processor that stops closes its inbox, under its lock. Requests that are in it are answered with ProcessorStopped, as all
 * that come after; calls that it was executing go on elsewhere, as its threads do. Answers to it make their callers ready for
 * others: whoever finds the inbox closed does so.
 *
 * @source Gamsa, Krieger, Appavoo, Stumm: Tornado, OSDI 1999, section 6.1, and note 17
 */
import * as lock from "../locks/test-and-test-and-set";
import { processor } from "../machine";
import { abandon, Interrupt, interrupt } from "../privileged";
import { information, LINE, reserve } from "../vm/physical";
import { arrived, current, makeReady, makeReadyHere, suspend, yieldHere } from "./dispatcher";
import { Domain, domainOf } from "./domain";
import { CallError } from "./numbers";
import { call, serve } from "./ppc";
import { createThread, Thread } from "./thread";

/** The interrupt that says that the inbox is not empty. */
export const REMOTE: u32 = Interrupt.First + 1;

@unmanaged
class Request {
  next: Request | null;
  answered: bool;
  caller: Thread;
  client: Domain;
  from: u32;
  binding: u32;
  procedure: u32;
  a: u32;
  b: u32;
  c: u32;
  d: u32;
  result: u32;
}

@unmanaged
class Inbox {
  lock: u32;
  open: u32;
  first: Request | null;
  last: Request | null;
}

let inboxes: usize = 0;
let requests: usize = 0;
/** The processor's own: kernel threads that are ready to serve. */
let helpers: Thread | null = null;

/** The same on every processor. `threads`: the most that there are. */
export function reserveInboxes(threads: u32): void {
  inboxes = reserve(information.processors * LINE);
  requests = reserve(threads * LINE);
}

/** To be called by one processor. */
export function openInboxes(): void {
  for (let p: u32 = 0; p < information.processors; p++) inboxOf(p).open = 1;
}

function inboxOf(processor: u32): Inbox {
  return changetype<Inbox>(inboxes + processor * LINE);
}

/** A client's call, served by a processor; its own, where `ppc.ts` does it without all this. */
export function callOn(target: u32, binding: u32, procedure: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  if (target >= information.processors) return CallError.ProcessorStopped;
  if (target == processor()) return call(binding, procedure, a, b, c, d);
  if (binding - 1 >= information.imageCount - 1) return CallError.BadBinding;
  const thread = current!;
  const request = changetype<Request>(requests + thread.number * LINE);
  request.answered = false;
  request.caller = thread;
  request.client = thread.domain;
  request.from = processor();
  request.binding = binding;
  request.procedure = procedure;
  request.a = a;
  request.b = b;
  request.c = c;
  request.d = d;
  if (!post(request, target)) return CallError.ProcessorStopped;
  suspend();
  if (!thread.domain.alive) abandon(CallError.CallFailed);
  return request.result;
}

/** Puts a request into the inbox of a processor, which finds it; false if it has stopped. */
function post(request: Request, to: u32): bool {
  const inbox = inboxOf(to);
  lock.acquire(changetype<usize>(inbox), 0);
  const open = inbox.open != 0;
  if (open) {
    request.next = null;
    const last = inbox.last;
    if (last === null) inbox.first = request;
    else last.next = request;
    inbox.last = request;
  }
  lock.release(changetype<usize>(inbox), 0);
  if (open) interrupt(to, REMOTE);
  return open;
}

/** The caller goes on: on its processor, or where it can. */
function answer(request: Request, result: u32): void {
  request.result = result;
  request.answered = true;
  const caller = request.caller;
  if (!post(request, request.from)) makeReady(caller);
}

/** The processor is interrupted for what is in its inbox. */
export function interrupted(): void {
  for (let request = empty(inboxOf(processor()), true); request !== null; ) {
    const next = request.next;
    if (request.answered) makeReadyHere(request.caller);
    else help(request);
    request = next;
  }
  if (current !== null) yieldHere();
}

/** What an inbox holds, which is empty from then on; and perhaps closed. */
function empty(inbox: Inbox, open: bool): Request | null {
  lock.acquire(changetype<usize>(inbox), 0);
  const first = inbox.first;
  inbox.first = null;
  inbox.last = null;
  if (!open) inbox.open = 0;
  lock.release(changetype<usize>(inbox), 0);
  return first;
}

/** A helper is ready here for a request. */
function help(request: Request): void {
  const server = domainOf(request.binding);
  let helper = helpers;
  if (helper === null) {
    helper = createThread(load<u32>(changetype<usize>(live)), server);
    if (helper === null) {
      answer(request, CallError.TooManyCalls);
      return;
    }
  } else {
    helpers = helper.next;
  }
  helper.domain = server;
  helper.request = changetype<usize>(request);
  makeReadyHere(helper);
}

/** The first function of a helper's stack. */
function live(address: u32): void {
  arrived();
  const thread = changetype<Thread>(address);
  while (true) {
    const request = changetype<Request>(thread.request);
    const result = serve(
      thread,
      request.client,
      request.binding,
      request.procedure,
      request.a,
      request.b,
      request.c,
      request.d,
    );
    answer(request, result);
    // On the processor where it is now.
    thread.next = helpers;
    helpers = thread;
    suspend();
  }
}

/** This processor answers what is in its inbox, and takes nothing more. */
export function closeInbox(): void {
  for (let request = empty(inboxOf(processor()), false); request !== null; ) {
    const next = request.next;
    if (request.answered) makeReady(request.caller);
    else answer(request, CallError.ProcessorStopped);
    request = next;
  }
}
