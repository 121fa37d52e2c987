/**
 * Clients whose first thread calls what never answers, or what ends, while the last one terminates the server's domain or stops
 * a processor. Each export returns 0 if all came as it has to.
 */
import { CallError, CallTrap, isError } from "../../../../kernel/calls/numbers";
import { call, callRemote, select } from "../../../../kernel/calls/stubs/ppc";
import { processor, work } from "../../../../kernel/machine";
import { trap } from "../../../../kernel/privileged";
import { Asked } from "./dying-server";

const MESSAGES: usize = memory.data(32768, 256);
/** When others have surely called. */
const LATER: u32 = 200_000;
const SECOND: u32 = 3;

function send(binding: u32, asked: u32, thread: u32, a: u32, b: u32): u32 {
  const M = MESSAGES + thread * 2048;
  store<u32>(M, a);
  store<u32>(M, b, 4);
  const bytes = trap(CallTrap.SendMessage, binding, asked, <u32>M, 8);
  return isError(bytes) ? bytes : load<u32>(M);
}

function later(): void {
  for (let i = 0; i < 100; i++) work(LATER / 100);
}

function terminate(domain: u32): u32 {
  return trap(CallTrap.Terminate, domain, 0, 0, 0);
}

export function message_terminated(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  if (thread == threads - 1) {
    later();
    if (terminate(binding) != 0) return 1;
  } else if (send(binding, Asked.WaitForEver, thread, 0, 0) != CallError.CallFailed) {
    return 2;
  }
  return u32(send(binding, Asked.Nothing, thread, 0, 0) != CallError.CallFailed) * 4;
}

export function ppc_terminated(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  if (thread == threads - 1) {
    later();
    if (terminate(binding) != 0) return 1;
  } else if (call(binding, Asked.WaitForEver, 0, 0, 0, 0) != CallError.CallFailed) {
    return 2;
  }
  return u32(call(binding, Asked.Nothing, 0, 0, 0, 0) != CallError.CallFailed) * 4;
}

export function remote_terminated(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  select(2);
  if (thread == threads - 1) {
    later();
    if (terminate(binding) != 0) return 1;
  } else if (callRemote(binding, Asked.WaitForEver, 0, 0, 0, 0) != CallError.CallFailed) {
    return 2;
  }
  return u32(callRemote(binding, Asked.Nothing, 0, 0, 0, 0) != CallError.CallFailed) * 4;
}

/** The first server has called the second one when it ends; then that one ends, too. */
export function nested_terminated(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  if (thread == threads - 1) {
    later();
    if (terminate(binding) != 0) return 1;
    later();
    return terminate(SECOND);
  }
  return u32(call(binding, Asked.CallOn, SECOND, Asked.WaitForEver, 0, 0) != CallError.CallFailed) * 2;
}

/** The second server ends alone: the first one is told, and goes on. */
export function inner_terminated(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  if (thread == threads - 1) {
    later();
    return terminate(SECOND);
  }
  if (call(binding, Asked.CallOn, SECOND, Asked.WaitForEver, 0, 0) != CallError.CallFailed) return 1;
  return call(binding, Asked.Nothing, 0, 0, 0, 0) - 1;
}

/** The client's own domain ends while its first thread is in the server; nothing of it goes on. */
export function client_terminated(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  if (thread == threads - 1) {
    later();
    terminate(1);
  } else {
    call(binding, Asked.Work, 1000, 0, 0, 0);
  }
  unreachable();
  return 0;
}

export function ppc_faults(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  return u32(call(binding, Asked.Fault, 0, 0, 0, 0) != CallError.CallFailed);
}

export function message_faults(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  return u32(send(binding, Asked.Fault, thread, 0, 0) != CallError.CallFailed);
}

/** What is executed on a processor when it stops goes on elsewhere; what is called there later is refused. */
export function processor_stops(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  select(2);
  if (thread == threads - 1) {
    later();
    const stopped = trap(CallTrap.StopProcessor, 2, 0, 0, 0);
    later();
    later();
    return stopped + u32(callRemote(binding, Asked.Nothing, 0, 0, 0, 0) != CallError.ProcessorStopped);
  }
  return callRemote(binding, Asked.Work, 1000, 0, 0, 0) - 1000;
}

/** Calls that are refused, each for its reason. */
export function refused(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  let wrong: u32 = 0;
  wrong += u32(call(0, Asked.Nothing, 0, 0, 0, 0) != CallError.BadBinding);
  wrong += u32(call(200, Asked.Nothing, 0, 0, 0, 0) != CallError.BadBinding);
  wrong += u32(send(0, Asked.Nothing, thread, 0, 0) != CallError.BadBinding);
  wrong += u32(send(0xffffffff, Asked.Nothing, thread, 0, 0) != CallError.BadBinding);
  select(99);
  wrong += u32(callRemote(binding, Asked.Nothing, 0, 0, 0, 0) != CallError.ProcessorStopped);
  wrong += u32(terminate(77) != CallError.BadBinding);
  wrong += u32(trap(CallTrap.StopProcessor, 0, 0, 0, 0) != CallError.ProcessorStopped);
  wrong += u32(trap(CallTrap.CopyFromCaller, 0, 0, 4, 0) != CallError.BadBinding);
  wrong += u32(trap(CallTrap.SendMessage, binding, 0, 0xfffffff0, 64) != CallError.BadAddress);
  wrong += u32(trap(CallTrap.SendMessage, binding, 0, 131064, 64) != CallError.BadAddress);
  wrong += u32(trap(CallTrap.SendMessage, binding, 0, 0, 1449) != CallError.BadAddress);
  if (p != 0) return wrong;
  wrong += u32(call(binding, Asked.Copy, 131064, 64, 0, 0) != CallError.BadAddress);
  wrong += u32(call(binding, Asked.Copy, 0xfffffff0, 64, 0, 0) != CallError.BadAddress);
  wrong += u32(call(binding, Asked.Copy, 1024, 0xfffffc00, 0, 0) != CallError.BadAddress);
  return wrong + u32(call(binding, Asked.Copy, 1000, 64, 0, 0) != 0);
}

/** As many calls within each other as there can be; then others can be made again. */
export function recursion(binding: u32, p: u32, c: u32, thread: u32, threads: u32): u32 {
  for (let i = 0; i < 3; i++) {
    if (call(binding, Asked.Recurse, binding, 0, 0, 0) != CallError.TooManyCalls) return 1;
    if (call(binding, Asked.Nothing, i, 0, 0, 0) != i + 1) return 2;
  }
  return 0;
}

/** More threads than processors, which take turns in the middle of their calls. */
export function many(binding: u32, p: u32, calls: u32, thread: u32, threads: u32): u32 {
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    select((processor() + i) % 3);
    wrong += u32(call(binding, Asked.Work, 3, 0, 0, 0) != 3);
    wrong += u32(callRemote(binding, Asked.CallOn, SECOND, Asked.Nothing, 0, 0) != 1);
  }
  return wrong;
}
