/** What a thread asks for, and what it did that it may not. */
import { bind, bindMore } from "../../calls/binding";
import { abortCall } from "../../calls/captured";
import { current, preempt } from "../../calls/dispatcher";
import { missed } from "../../calls/domain";
import { exportInterface } from "../../calls/interfaces";
import { call as callLight, copyFromClient, copyToClient } from "../../calls/lrpc";
import { receive, send } from "../../calls/message";
import { CallError, CallTrap } from "../../calls/numbers";
import { call, copyFromCaller, copyToCaller } from "../../calls/ppc";
import { callOn } from "../../calls/remote-ppc";
import { Thread } from "../../calls/thread";
import { abandon, Cause, Fault, write_translation } from "../../privileged";
import { information } from "../../vm/physical";
import { faultText } from "../faults";
import { SystemCall, SystemError } from "../system-calls";
import { say, write } from "./console";
import { stop, terminate } from "./termination";

export function answer(thread: Thread, cause: u32, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  switch (cause) {
    case Cause.SYSTEM_CALL:
      return systemCall(thread, number, a, b, c, d);
    case Cause.TRANSLATION_MISS:
      miss(thread, number, a);
      return 0;
    case Cause.SIZE:
      return thread.domain.memoryPages;
    case Cause.GROW:
      return -1;
    case Cause.FAULT:
      kill(thread, number < <u32>Fault.First ? "fail, send or receive" : faultText(number));
      return 0;
    default:
      kill(thread, "an instruction that this kernel does not have");
      return 0;
  }
}

/** The lowest byte of a call's number says what it is; the others are its own. */
function systemCall(thread: Thread, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  switch (number & 0xff) {
    case CallTrap.CallProtected:
      return call(number >> 16, (number >> 8) & 0xff, a, b, c, d);
    case CallTrap.CallLight:
      return callLight(a, b, c);
    case CallTrap.SendMessage:
      return send(a, b, c, d);
    case CallTrap.ReceiveMessage:
      return receive(a, b);
    case CallTrap.CallRemote:
      return callOn(thread.target, number >> 16, (number >> 8) & 0xff, a, b, c, d);
    case CallTrap.SelectProcessor:
      thread.target = a;
      return 0;
    case CallTrap.CopyFromCaller:
      return copyFromCaller(a, b, c);
    case CallTrap.CopyToCaller:
      return copyToCaller(b, a, c);
    case CallTrap.ExportInterface:
      return exportInterface(thread.domain, a, b);
    case CallTrap.Bind:
      return bind(thread.domain, a, b);
    case CallTrap.BindMore:
      return bindMore(thread.domain, a, b);
    case CallTrap.CopyFromClient:
      return copyFromClient(a, b, c);
    case CallTrap.CopyToClient:
      return copyToClient(b, a, c);
    case CallTrap.ThreadNumber:
      return thread.number;
    case CallTrap.AbortCall:
      return ended(thread, abortCall(thread.domain, a));
    case CallTrap.Terminate:
      return ended(thread, terminate(a));
    case CallTrap.StopProcessor:
      return ended(thread, stop(a));
    case CallTrap.Yield:
      preempt();
      return ended(current!, 0);
    case SystemCall.Write:
      return ended(thread, write(thread.domain, a, b));
    default:
      return SystemError.Unknown;
  }
}

/** A thread goes on in user mode only in a domain that is alive. */
function ended(thread: Thread, result: u32): u32 {
  if (!thread.domain.alive) abandon(CallError.CallFailed);
  return result;
}

/** A reference to a page for which the processor has no translation. */
function miss(thread: Thread, page: u32, access: u32): void {
  const domain = thread.domain;
  const entry = missed(domain, page, access);
  if (entry == 0) kill(thread, "memory access out of bounds");
  if (!information.walks) write_translation(domain.space, page, entry);
}

/** A thread that cannot go on takes its domain with it. */
function kill(thread: Thread, reason: string): void {
  const domain = thread.domain;
  say(domain, reason);
  terminate(domain.number);
  abandon(CallError.CallFailed);
}
