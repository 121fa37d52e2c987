/**
 * The client of kernel/os/calls: each of its threads calls one procedure of the server many times, by the mechanism that the
 * export is named for, and returns how many answers were wrong. `shipping` compares calls that go where data is with data
 * that comes.
 */
import { CallEvent } from "../kernel/calls/events";
import { ANSWER, BIG, MARK, Procedure } from "../kernel/calls/procedures";
import {
  bind,
  bindRemote,
  callAdd as lrpcAdd,
  callBigIn as lrpcBigIn,
  callBigInOut as lrpcBigInOut,
  callNull as lrpcNull,
} from "../kernel/calls/stubs/lrpc";
import { callAdd, callBigIn, callBigInOut, callNull } from "../kernel/calls/stubs/message";
import { call, callRemote, select } from "../kernel/calls/stubs/ppc";
import * as lock from "../kernel/locks/test-and-test-and-set";
import { clock, mark, processor } from "../kernel/machine";
import { add, addNumber, endLine } from "./system";

/** By thread: what it sends and gets, and its message. */
const MOST_THREADS: u32 = 32;
const BYTES: u32 = 512;
const BIG_ONES: usize = memory.data(16384, 256);
const MESSAGES: usize = memory.data(16384, 256);
/** For lightweight calls: a lock, and whether there is a binding; the binding. */
const BOUND: usize = memory.data(128, 128);
const BINDING: usize = memory.data(3072, 256);

export function message(binding: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  const big = begin(thread);
  const M = MESSAGES + thread * BYTES;
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    mark(CallEvent.ClientBegins, procedure);
    switch (procedure) {
      case Procedure.Null:
        wrong += u32(callNull(binding, M) != 0);
        break;
      case Procedure.Add:
        wrong += u32(callAdd(binding, M, thread, i) != thread + i);
        break;
      case Procedure.BigIn:
        wrong += u32(callBigIn(binding, M, big) != 0);
        break;
      default:
        wrong += u32(callBigInOut(binding, M, big) != 0 || !isAnswer(big));
        break;
    }
    mark(CallEvent.ClientEnds, procedure);
  }
  return wrong + end(big);
}

export function ppc(binding: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  const big = begin(thread);
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    mark(CallEvent.ClientBegins, procedure);
    switch (procedure) {
      case Procedure.Null:
        wrong += u32(call(binding, procedure, 0, 0, 0, 0) != 0);
        break;
      case Procedure.Add:
        wrong += u32(call(binding, procedure, thread, i, 0, 0) != thread + i);
        break;
      case Procedure.BigIn:
        wrong += u32(call(binding, procedure, <u32>big, 0, 0, 0) != 0);
        break;
      default:
        wrong += u32(call(binding, procedure, <u32>big, 0, 0, 0) != 0 || !isAnswer(big));
        break;
    }
    mark(CallEvent.ClientEnds, procedure);
  }
  return wrong + end(big);
}

export function lrpc(server: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  const error = bindOnce(server);
  return error == 0 ? callLight(procedure, calls, thread) : error;
}

/** The same of a server on another machine. */
export function lrpcRemote(server: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  lock.acquire(BOUND, 0);
  if (load<u32>(BOUND, 4) == 0) bindRemote(BINDING, server, MESSAGES);
  store<u32>(BOUND, 1, 4);
  lock.release(BOUND, 0);
  return callLight(procedure, calls, thread);
}

/** The domain's threads have one binding. */
function bindOnce(server: u32): u32 {
  lock.acquire(BOUND, 0);
  let error: u32 = 0;
  if (load<u32>(BOUND, 4) == 0) error = bind(BINDING, server, false);
  if (error == 0) store<u32>(BOUND, 1, 4);
  lock.release(BOUND, 0);
  return error;
}

function callLight(procedure: u32, calls: u32, thread: u32): u32 {
  const big = begin(thread);
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    mark(CallEvent.ClientBegins, procedure);
    switch (procedure) {
      case Procedure.Null:
        wrong += u32(lrpcNull(BINDING) != 0);
        break;
      case Procedure.Add:
        wrong += u32(lrpcAdd(BINDING, thread, i) != thread + i);
        break;
      case Procedure.BigIn:
        wrong += u32(lrpcBigIn(BINDING, big) != 0);
        break;
      default:
        wrong += u32(lrpcBigInOut(BINDING, procedure, big) != 0 || !isAnswer(big));
        break;
    }
    mark(CallEvent.ClientEnds, procedure);
  }
  return wrong + end(big);
}

/** The same as `ppc` of Null and Add, each served by another processor. */
export function remote(binding: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  let wrong: u32 = 0;
  select(another());
  for (let i: u32 = 0; i < calls; i++) {
    mark(CallEvent.ClientBegins, procedure);
    const answer = callRemote(binding, procedure, thread, i, 0, 0);
    wrong += u32(answer != (procedure == Procedure.Add ? thread + i : 0));
    mark(CallEvent.ClientEnds, procedure);
  }
  return wrong;
}

/**
 * A procedure writes lines that another processor has written last: called there, or here, where they come to. Prints cycles
 * a call. `most`: lines at most.
 */
export function shipping(binding: u32, most: u32, calls: u32, thread: u32, threads: u32): u32 {
  select(another());
  for (let lines: u32 = 0; lines <= most; lines = lines == 0 ? 1 : 2 * lines) {
    let there: f64 = 0;
    let here: f64 = 0;
    for (let i: u32 = 0; i <= calls; i++) {
      callRemote(binding, Procedure.Touch, lines, 0, 0, 0);
      const first = clock();
      callRemote(binding, Procedure.Touch, lines, 0, 0, 0);
      const second = clock();
      call(binding, Procedure.Touch, lines, 0, 0, 0);
      const third = clock();
      // The first round brings code and tables.
      if (i == 0) continue;
      there += second - first;
      here += third - second;
    }
    addNumber(lines);
    add(" lines: ");
    addNumber(<u32>(there / calls));
    add(" cycles there, ");
    addNumber(<u32>(here / calls));
    add(" here");
    endLine();
  }
  return 0;
}

/** A processor that the thread is not on. */
function another(): u32 {
  return processor() == 0 ? 1 : 0;
}

/** What a thread sends: marked at both ends. */
function begin(thread: u32): usize {
  const big = BIG_ONES + (thread % MOST_THREADS) * BYTES;
  for (let at: u32 = 0; at < BIG; at += 4) store<u32>(big + at, at);
  store<u32>(big, MARK);
  store<u32>(big + BIG - 4, MARK);
  return big;
}

/** Whether the server's answer has come; it is what is sent next. */
function isAnswer(big: usize): bool {
  const is = load<u32>(big) == MARK + ANSWER && load<u32>(big + BIG - 4) == MARK + ANSWER;
  store<u32>(big, MARK);
  store<u32>(big + BIG - 4, MARK);
  return is;
}

/** How many words between the ends are not as they were. */
function end(big: usize): u32 {
  let wrong: u32 = 0;
  for (let at: u32 = 4; at < BIG - 4; at += 4) wrong += u32(load<u32>(big + at) != at);
  return wrong;
}
