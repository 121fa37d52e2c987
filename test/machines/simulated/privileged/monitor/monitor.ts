/**
 * A monitor of one virtual machine: its guest is a kernel, image 1, with its images after it. It is as small as can be, and
 * there to show that the machine is virtualizable: whatever the guest does, it cannot tell that it is in user mode.
 *
 * The guest has as many processors as the machine, and a part of its memory; devices are the machine's own.
 */
import { fail, pause, processor } from "../../../../../kernel/machine";
import { Cause, call, create_instance, Interrupt } from "../../../../../kernel/privileged";
import { emulate, wait } from "./emulation";
import { Failure } from "./failure";
import {
  beginInformation,
  boot as bootEntry,
  guestInformation,
  readKernel,
  requestsBefore,
  start,
  writeInformation,
} from "./information";
import { beginMemory, guestBytes, information, SHARED } from "./memory";
import { beginNumbers } from "./numbers";
import { ANSWERED, beginTranslations, loadMode, mapKernel, shadow } from "./translations";
import { deliver, keep, reflect } from "./upcalls";
import { beginProcessor, here, takeCompletion } from "./virtual-processor";

export { Failure };

const READY: usize = SHARED + 16;

export function boot(address: u32): void {
  beginMemory(address);
  beginProcessor(processor());
  beginInformation();
  beginTranslations();
  here.kernel = create_instance(1, 0);
  here.context = here.index + 1;
  if (here.index == 0) {
    beginNumbers();
    readKernel(() => {
      wait();
      takeCompletion();
    });
    writeInformation();
    atomic.store<u32>(READY, 1);
  } else {
    while (!atomic.load<u32>(READY)) pause();
  }
  loadMode();
  if (start >= 0) call(here.kernel, start, 0, 0, 0, 0, 0, 0);
  call(here.kernel, bootEntry, guestInformation(), 0, 0, 0, 0, 0);
  fail(Failure.GuestReturned);
}

export function handle_trap(cause: Cause, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  if (!here.user) return ofKernel(cause, number, a, b, c, d);
  const missed = cause == Cause.TRANSLATION_MISS || cause == Cause.READ_ONLY;
  const reflected = missed && information.walks ? shadow(number, a) : cause;
  return reflected == ANSWERED ? 0 : reflect(reflected, number, a, b, c, d);
}

/** What the guest's kernel traps for, and does not know. */
function ofKernel(cause: Cause, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  switch (cause) {
    case Cause.TRANSLATION_MISS:
      mapKernel(number, a);
      return 0;
    case Cause.PRIVILEGED:
      return emulate(number, a, b, c, d);
    case Cause.SIZE:
      return guestBytes >> 16;
    case Cause.GROW:
      return number ? -1 : guestBytes >> 16;
    case Cause.NOTIFY:
      return 0;
    default:
      fail(Failure.GuestFailed);
      return 0;
  }
}

export function handle_interrupt(number: u32, word: u32): void {
  keep(number, number == Interrupt.Completion ? word - requestsBefore() : word);
  if (!here.waits) deliver();
}
