/**
 * The guest's threads: a context each, which begins with a `call` of the program. A thread is executed by whoever takes it
 * out of a processor's mailbox, and goes back to that processor's scheduler, which puts it into the next one's.
 */
import { processor } from "../../../../../kernel/machine";
import {
  call,
  context,
  create_context,
  ENTRY,
  enable_interrupts,
  Interrupt,
  idle,
  interrupt,
  switch_to,
} from "../../../../../kernel/privileged";
import { numbers } from "./log";
import { useSpace } from "./pages";

@unmanaged
export class Thread {
  number: u32;
  context: u32;
  space: u32;
  instance: u32;
  entry: u32;
  argument: u32;
  ended: u32;
}

const THREADS: u32 = 0x32000;
/** By processor: the thread that is to go on there. */
const MAILBOXES: usize = 0x33000;
/** How many threads there are. */
const THREAD_COUNT: usize = 0x33800;

/** The processor's own: its number, which tells whose globals these are; its scheduler; what that executes. */
export let me: u32 = 0;
let processors: u32 = 1;
let scheduler: u32 = 0;
export let current: Thread = changetype<Thread>(0);

export function beginThreads(count: u32): void {
  me = processor();
  processors = count;
  scheduler = context();
}

export function createThread(instance: u32, entry: u32, argument: u32, space: u32): Thread {
  const number = atomic.add<u32>(THREAD_COUNT, 1);
  const thread = changetype<Thread>(THREADS + number * offsetof<Thread>());
  thread.number = number;
  thread.space = space;
  thread.instance = instance;
  thread.entry = entry;
  thread.argument = argument;
  thread.ended = 0;
  thread.context = create_context(load<u32>(changetype<usize>(live)) | ENTRY, changetype<u32>(thread));
  return thread;
}

/** A thread that is as another one, but for its context. */
export function copyThread(original: Thread): Thread {
  const number = atomic.add<u32>(THREAD_COUNT, 1);
  const thread = changetype<Thread>(THREADS + number * offsetof<Thread>());
  memory.copy(changetype<usize>(thread), changetype<usize>(original), offsetof<Thread>());
  thread.number = number;
  return thread;
}

/** The first function of a thread's stack. */
function live(address: u32): void {
  const first = changetype<Thread>(address);
  numbers("thread begins", first.number, enable_interrupts(false) ? 1 : 0);
  const result = call(first.instance, first.entry, first.argument, 0, 0, 0, 0, 0);
  // A copy of the thread ends here, too: `current` is right where `first` is not.
  numbers("thread ends", current.number, result);
  atomic.store<u32>(changetype<usize>(current), 1, offsetof<Thread>("ended"));
  switch_to(scheduler);
}

/** Executes a thread until it switches back. */
export function execute(thread: Thread): void {
  current = thread;
  useSpace(thread.space);
  switch_to(thread.context);
}

/** The processor's thread goes back to the scheduler. When this returns it goes on, perhaps elsewhere. */
export function suspend(): void {
  switch_to(scheduler);
}

export function send(to: u32, thread: Thread): void {
  atomic.store<u32>(MAILBOXES + 128 * to, changetype<u32>(thread));
  if (to != me) interrupt(to, Interrupt.First);
}

/** Executes what comes, until a thread has ended; without one, for ever. */
export function serve(until: Thread | null): void {
  while (until === null || !until.ended) {
    const address = atomic.xchg<u32>(MAILBOXES + 128 * me, 0);
    if (address) {
      const thread = changetype<Thread>(address);
      execute(thread);
      send(thread.ended ? 0 : (me + 1) % processors, thread);
    } else {
      idle();
      enable_interrupts(true);
      enable_interrupts(false);
    }
  }
}
