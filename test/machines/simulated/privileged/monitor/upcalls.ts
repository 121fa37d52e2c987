/**
 * How the guest's kernel is entered: a `call` of its handler, on the stack of what trapped or was interrupted. The guest's
 * stack, with the monitor's frames between:
 *
 *     guest's boot | monitor: call | program | monitor: handle_trap | guest's handle_trap | monitor: switch_to ...
 *
 * After each call the processor may be another, `here` as well. If the guest has abandoned, the monitor abandons frame by
 * frame, until the `call` ends that it executes for the guest.
 */
import { fail } from "../../../../../kernel/machine";
import { abandon, argument, Cause, call, Interrupt, idle, interrupt } from "../../../../../kernel/privileged";
import { Failure } from "./failure";
import { handleInterrupt, handleTrap } from "./information";
import { Noted, note } from "./trace";
import { loadMode } from "./translations";
import {
  addCompletion,
  hasCompletion,
  here,
  takeCompletion,
  VirtualProcessor,
  virtualProcessor,
  WORDS_MOST,
  wordAt,
} from "./virtual-processor";

/** Of the machine's: another processor has sent one of the guest's. */
const SENT: u32 = Interrupt.First;

/** A trap of a program: the result of the guest's handler. */
export function reflect(cause: Cause, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  keepWords(cause, a, b, c, d);
  note(Noted.Reflected, cause);
  const interrupts = here.interrupts;
  enterKernel();
  const result = call(here.kernel, handleTrap, cause, number, a, b, c, d);
  goBack(true, interrupts);
  if (cause == Cause.FAULT) fail(Failure.GuestReturned);
  return result;
}

/** The guest may ask for the words when others have trapped. */
function keepWords(cause: Cause, a: u32, b: u32, c: u32, d: u32): void {
  store<u32>(wordAt(0), a);
  store<u32>(wordAt(1), b);
  store<u32>(wordAt(2), c);
  store<u32>(wordAt(3), d);
  const more = cause == Cause.SYSTEM_CALL || cause == Cause.PRIVILEGED || cause == Cause.WAIT;
  for (let i: u32 = 4; i < WORDS_MOST; i++) store<u32>(wordAt(i), more ? argument(i) : 0);
}

function enterKernel(): void {
  here.user = false;
  here.interrupts = false;
  loadMode();
}

/** The guest's handler has returned, or the guest has abandoned: then this does not return. */
function goBack(user: bool, interrupts: bool): void {
  if (here.abandons) {
    note(Noted.Unwound, here.result);
    abandon(0);
  }
  here.user = user;
  here.interrupts = interrupts;
  loadMode();
  deliver();
}

/** The guest takes what is pending, if it would on the bare machine. */
export function deliver(): void {
  if (!isPending() || !(here.user || here.interrupts)) return;
  collect();
  let number: u32 = Interrupt.Timer;
  let word: u32 = 0;
  if (here.pending & (1 << Interrupt.Timer)) {
    here.pending &= ~(1 << Interrupt.Timer);
  } else if (hasCompletion()) {
    number = Interrupt.Completion;
    word = takeCompletion();
  } else {
    number = ctz(here.pending);
    here.pending &= ~(1 << number);
  }
  note(Noted.Interrupted, number);
  const user = here.user;
  const interrupts = here.interrupts;
  enterKernel();
  call(here.kernel, handleInterrupt, number, word, 0, 0, 0, 0);
  goBack(user, interrupts);
}

export function isPending(): bool {
  return here.pending != 0 || hasCompletion() || atomic.load<u32>(sentAt(here.index)) != 0;
}

function sentAt(processor: u32): usize {
  return changetype<usize>(virtualProcessor(processor)) + offsetof<VirtualProcessor>("sent");
}

/** What others have sent is pending. */
function collect(): void {
  here.pending |= atomic.xchg<u32>(sentAt(here.index), 0);
}

/** An interrupt of the machine's. */
export function keep(number: u32, word: u32): void {
  if (number == Interrupt.Completion) addCompletion(word);
  else if (number == SENT) collect();
  else here.pending |= 1 << number;
}

/** An interrupt of the guest's, to another processor of its. */
export function send(to: u32, number: u32): void {
  atomic.or<u32>(sentAt(to), 1 << number);
  interrupt(to, SENT);
}

/** What is pending will interrupt the program that the processor is about to enter, before it has done anything. */
export function interruptSoon(): void {
  if (!isPending()) return;
  interrupt(here.index, SENT);
  idle();
}
