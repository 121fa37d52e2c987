/**
 * A kernel whose walks use every privileged instruction, and every cause of a trap. The first character of its arguments
 * says which walk. Its log is the same on all machines, and as a guest.
 */
import { Information } from "../../../../../kernel/information";
import { processor } from "../../../../../kernel/machine";
import { abandon, Cause, Interrupt, set_processor } from "../../../../../kernel/privileged";
import { abortCall, answer } from "./answers";
import { beginDevices, complete, stop } from "./devices";
import { beginImage } from "./image";
import { countCause, line, number, numbers } from "./log";
import { beginPages, makeWritable, miss, setWord } from "./pages";
import { beginThreads, serve } from "./threads";
import { FLAG, OnTimer, takeNext } from "./timer";
import { walk } from "./walks";

export function boot(address: u32): void {
  const information = changetype<Information>(address);
  beginPages(address);
  beginDevices(address);
  beginImage(information.images);
  beginThreads(information.processors);
  set_processor(10 + processor(), 20);
  if (processor()) serve(null);
  walk(load<u8>(information.arguments), information.pageBytes);
  stop(0);
}

export function handle_trap(cause: Cause, what: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  if (cause != Cause.TRANSLATION_MISS) countCause(cause);
  switch (cause) {
    case Cause.TRANSLATION_MISS:
      miss(what, a);
      return 0;
    case Cause.READ_ONLY:
      numbers("read only", what, a);
      makeWritable(what);
      return 0;
    case Cause.SYSTEM_CALL:
      return answer(what, a, b);
    case Cause.GROW:
      number("grow", what);
      return 2;
    case Cause.SIZE:
      line("size");
      return 3;
    case Cause.WAIT:
      numbers("wait", what, b);
      return b ? 1 : 2;
    case Cause.NOTIFY:
      numbers("notify", what, a);
      return 6;
    case Cause.PRIVILEGED:
      number("privileged", what);
      return 66;
    default:
      numbers("fault", what, a);
      abandon(100 + what);
      return 0;
  }
}

export function handle_interrupt(what: u32, word: u32): void {
  if (what == Interrupt.Completion) {
    complete(word);
    return;
  }
  // A thread is in a mailbox.
  if (what == Interrupt.First) return;
  number("interrupt", what);
  switch (what == Interrupt.Timer ? takeNext() : OnTimer.Nothing) {
    case OnTimer.SetFlag:
      setWord(FLAG, 7);
      break;
    case OnTimer.Abandon:
      abandon(77);
      break;
    case OnTimer.AbortCall:
      abortCall();
      break;
    default:
  }
}
