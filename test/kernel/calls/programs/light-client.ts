/** What a test does with lightweight calls beside calling: each export returns 0 if all was as it should be, or where not. */
import { CallError, CallTrap, isError } from "../../../../kernel/calls/numbers";
import { bind } from "../../../../kernel/calls/stubs/lrpc";
import { work } from "../../../../kernel/machine";
import { trap } from "../../../../kernel/privileged";
import { Asked, Light } from "./light-server";

const BINDING: usize = memory.data(4096, 256);
const SECOND: usize = memory.data(4096, 256);
const PLACE: usize = memory.data(4096, 256);
const SERVER: u32 = 2;
const OTHER: u32 = 3;

let number: u32 = 0;

/** The first A-stack of a procedure, how many, bytes of each. */
function first(procedure: u32): u32 {
  return load<u32>(BINDING + procedure * 12, 8);
}

function count(procedure: u32): u32 {
  return load<u32>(BINDING + procedure * 12, 12);
}

function length(procedure: u32): u32 {
  return load<u32>(BINDING + procedure * 12, 16);
}

function call(procedure: u32, aStack: u32): u32 {
  return trap(CallTrap.CallLight, number, procedure, aStack, 0);
}

function ask(aStack: u32, asked: u32, b: u32 = 0, c: u32 = 0): u32 {
  store<u32>(aStack, asked);
  store<u32>(aStack, b, 4);
  store<u32>(aStack, c, 8);
  return call(Light.Ask, aStack);
}

function begin(): u32 {
  const error = bind(BINDING, SERVER, true);
  number = load<u32>(BINDING);
  return error;
}

/** Lets others be executed. */
function rest(): void {
  work(1000);
  trap(CallTrap.Yield, 0, 0, 0, 0);
}

/** Until the first thread has bound. */
function wait(): void {
  while (atomic.load<u32>(PLACE) == 0) rest();
}

/** What was told: procedures with A-stacks as long share them, and there are as many as the one with most says. */
export function told(): u32 {
  if (begin() != 0) return 1;
  if (load<u32>(BINDING, 4) != 3) return 2;
  if (first(Light.Add) != first(Light.Ask) || first(Light.Add) == first(Light.Alone)) return 3;
  if (count(Light.Add) != 6 || length(Light.Add) != 16) return 4;
  if (count(Light.Alone) != 1 || length(Light.Alone) != 512) return 5;
  store<u32>(first(Light.Add), 41);
  if (call(Light.Add, first(Light.Add)) != 0 || load<u32>(first(Light.Add)) != 42) return 6;
  store<u32>(first(Light.Alone), 41);
  if (call(Light.Alone, first(Light.Alone)) != 0 || load<u32>(first(Light.Alone)) != 42) return 7;
  return 0;
}

/** Numbers, procedures and A-stacks that are not the client's. */
export function forged(): u32 {
  if (begin() != 0) return 1;
  const right = number;
  const aStack = first(Light.Add);
  for (let bit: u32 = 0; bit < 31; bit++) {
    number = right ^ (1 << bit);
    if (call(Light.Add, aStack) != CallError.BadBinding) return 100 + bit;
  }
  number = 0;
  if (call(Light.Add, aStack) != CallError.BadBinding) return 2;
  number = -1;
  if (call(Light.Add, aStack) != CallError.BadBinding) return 3;
  number = right;
  if (call(3, aStack) != CallError.BadBinding) return 4;
  if (call(-1, aStack) != CallError.BadBinding) return 5;
  // Between two, before the first, after the last, another procedure's, of the client's own memory, of nobody.
  for (let i: u32 = 1; i < 16; i++) if (call(Light.Add, aStack + i) != CallError.BadAStack) return 200 + i;
  if (call(Light.Add, aStack - 16) != CallError.BadAStack) return 6;
  if (call(Light.Add, aStack + 6 * 16) != CallError.BadAStack) return 7;
  if (call(Light.Add, first(Light.Alone)) != CallError.BadAStack) return 8;
  if (call(Light.Add, <u32>PLACE) != CallError.BadAStack) return 9;
  if (call(Light.Add, 0) != CallError.BadAStack || call(Light.Add, -16) != CallError.BadAStack) return 10;
  if (trap(CallTrap.BindMore, right ^ 256, Light.Add, 0, 0) != CallError.BadBinding) return 11;
  if (trap(CallTrap.BindMore, right, 3, 0, 0) != CallError.BadBinding) return 12;
  // A server that is none, oneself, and what is told where nobody has memory.
  if (bind(SECOND, 99, true) != CallError.BadBinding || bind(SECOND, 0, true) != CallError.BadBinding) return 13;
  if (bind(SECOND, 1, true) != CallError.BadBinding) return 14;
  if (trap(CallTrap.Bind, OTHER, 0xfffffff0, 0, 0) != CallError.BadAddress) return 15;
  // A client's list of procedures whose functions it does not export.
  store<u32>(PLACE, <u32>PLACE);
  store<u32>(PLACE, 16, 4);
  store<u32>(PLACE, 1, 8);
  store<u32>(PLACE, -1, 12);
  if (trap(CallTrap.ExportInterface, <u32>PLACE, 0, 0, 0) != CallError.BadBinding) return 16;
  if (trap(CallTrap.ExportInterface, <u32>PLACE, 9, 0, 0) != CallError.BadBinding) return 17;
  if (trap(CallTrap.ExportInterface, 0xfffffff0, 1, 0, 0) != CallError.BadAddress) return 18;
  if (trap(CallTrap.ExportInterface, <u32>PLACE, 1, 0, 0) != CallError.BadBinding) return 19;
  store<u32>(aStack, 1);
  return call(Light.Add, aStack) == 0 && load<u32>(aStack) == 2 ? 0 : 20;
}

/** Another domain's binding is none of the client's, though it has its number and the address of an A-stack. */
export function stolen(): u32 {
  if (begin() != 0) return 1;
  const its = ask(first(Light.Ask), Asked.Bind, OTHER);
  const aStack = load<u32>(first(Light.Ask), 4);
  if (isError(its) || aStack < 0xc0000000 || aStack == first(Light.Ask)) return 2;
  const right = number;
  number = its;
  if (call(Light.Add, aStack) != CallError.BadBinding) return 3;
  if (trap(CallTrap.BindMore, its, Light.Add, 0, 0) != CallError.BadBinding) return 4;
  number = right;
  return call(Light.Add, aStack) == CallError.BadAStack ? 0 : 5;
}

/** Two threads with one A-stack: one of them calls, the other one is refused. */
export function twice(server: u32, procedure: u32, calls: u32, thread: u32): u32 {
  if (thread == 0) {
    if (begin() != 0) return 1;
    store<u32>(first(Light.Ask), Asked.Work);
    store<u32>(first(Light.Ask), 200, 4);
    atomic.store<u32>(PLACE, 1);
    return call(Light.Ask, first(Light.Ask)) == 200 ? 0 : 2;
  }
  wait();
  let refused: u32 = 0;
  // As long as the other one works.
  for (let i: u32 = 0; i < 40; i++) {
    const result = call(Light.Add, first(Light.Ask));
    if (result == CallError.BadAStack) refused++;
    else if (refused != 0) return 3;
  }
  return refused > 10 ? 0 : 4;
}

/** E-stacks: attached to A-stacks, and taken from others when there are no more than four. */
export function stacks(): u32 {
  if (begin() != 0) return 1;
  const one = ask(first(Light.Ask), Asked.Stack);
  if (ask(first(Light.Ask), Asked.Stack) != one) return 2;
  let seen: u32 = 0;
  for (let i: u32 = 0; i < 4; i++) {
    const is = ask(first(Light.Ask) + i * 16, Asked.Stack);
    if (is < one || (is - one) % 256 != 0 || (is - one) / 256 > 3) return 3;
    seen |= 1 << ((is - one) / 256);
  }
  if (seen != 15) return 4;
  // The fifth and sixth have one of those.
  for (let i: u32 = 4; i < 6; i++) {
    const is = ask(first(Light.Ask) + i * 16, Asked.Stack);
    if ((is - one) % 256 != 0 || (is - one) / 256 > 3) return 5;
  }
  for (let i: u32 = 0; i < 6; i++) if (ask(first(Light.Ask) + i * 16, Asked.Stack) == 0) return 6;
  return 0;
}

/** A-stacks that come late are right, too, and out of the range. */
export function late(): u32 {
  if (begin() != 0) return 1;
  const more = trap(CallTrap.BindMore, number, Light.Ask, 0, 0);
  if (more < 0xc0000000 || more % 16 != 0 || more == first(Light.Ask)) return 2;
  store<u32>(more, 6);
  if (call(Light.Add, more) != 0 || load<u32>(more) != 7) return 3;
  if (ask(more + 16, Asked.Work, 3) != 3) return 4;
  if (ask(more + 3 * 16, Asked.Work, 3) != 3) return 9;
  if (call(Light.Add, more + 4 * 16) != CallError.BadAStack) return 10;
  if (call(Light.Add, more + 8) != CallError.BadAStack) return 5;
  if (call(Light.Alone, more) != CallError.BadAStack) return 6;
  for (let i: u32 = 0; i < 64; i++) {
    const next = trap(CallTrap.BindMore, number, Light.Alone, 0, 0);
    if (next == CallError.TooManyCalls) return i > 3 ? 0 : 7;
  }
  return 8;
}

/** What is too long for an A-stack is copied from the client's memory, if it has it. */
export function oversized(): u32 {
  if (begin() != 0) return 1;
  store<u32>(PLACE + 500, 0x1234567);
  if (ask(first(Light.Ask), Asked.Copy, <u32>PLACE + 500, 100) != 0x1234567) return 2;
  if (ask(first(Light.Ask), Asked.Copy, 0x7fffff00, 100) != CallError.BadAddress) return 3;
  return 0;
}

export function faults(): u32 {
  if (begin() != 0) return 1;
  if (ask(first(Light.Ask), Asked.Fault) != CallError.CallFailed) return 2;
  if (call(Light.Add, first(Light.Add)) != CallError.CallFailed) return 3;
  if (trap(CallTrap.BindMore, number, Light.Add, 0, 0) != CallError.CallFailed) return 4;
  return bind(SECOND, SERVER, true) == CallError.CallFailed ? 0 : 5;
}

/** One thread is in the server for ever, and another one ends it. */
export function terminated(server: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  if (thread == 0) {
    if (begin() != 0) return 1;
    atomic.store<u32>(PLACE, 1);
  }
  wait();
  if (thread == threads - 1) {
    for (let i = 0; i < 50; i++) rest();
    if (trap(CallTrap.Terminate, SERVER, 0, 0, 0) != 0) return 2;
    return call(Light.Add, first(Light.Add)) == CallError.CallFailed ? 0 : 3;
  }
  return ask(first(Light.Ask) + thread * 16, Asked.WaitForEver) == CallError.CallFailed ? 0 : 4;
}

/** The server calls another one, and ends meanwhile: who is two domains further comes back to the client. */
export function nested(server: u32, procedure: u32, calls: u32, thread: u32, threads: u32): u32 {
  if (thread != 0) {
    wait();
    for (let i = 0; i < 200; i++) rest();
    if (trap(CallTrap.Terminate, procedure, 0, 0, 0) != 0) return 2;
    return 0;
  }
  if (begin() != 0) return 1;
  atomic.store<u32>(PLACE, 1);
  return ask(first(Light.Ask), Asked.CallOn, OTHER) == CallError.CallFailed ? 0 : 4;
}

/** One thread is captured, and another one has it go on. Asked.Work ends some time later; `procedure` 1 is one domain further. */
export function aborted(server: u32, procedure: u32, calls: u32, thread: u32): u32 {
  if (thread != 0) {
    wait();
    for (let i = 0; i < 100; i++) rest();
    if (trap(CallTrap.AbortCall, 1000, 0, 0, 0) != CallError.BadBinding) return 1;
    if (trap(CallTrap.AbortCall, atomic.load<u32>(PLACE) - 1, 0, 0, 0) != 0) return 2;
    return 0;
  }
  if (begin() != 0) return 3;
  const aStack = first(Light.Ask);
  atomic.store<u32>(PLACE, trap(CallTrap.ThreadNumber, 0, 0, 0, 0) + 1);
  const result = procedure == 0 ? ask(aStack, Asked.Work, 2000) : ask(aStack, Asked.CallOn, OTHER);
  if (result != CallError.CallAborted) return 4;
  if (atomic.load<u32>(PLACE) == trap(CallTrap.ThreadNumber, 0, 0, 0, 0) + 1) return 5;
  // The captured one has the A-stack until the server lets it go.
  if (call(Light.Add, aStack) != CallError.BadAStack) return 6;
  store<u32>(aStack + 16, 1);
  if (call(Light.Add, aStack + 16) != 0) return 7;
  let result2 = call(Light.Add, aStack);
  while (result2 == CallError.BadAStack) {
    rest();
    result2 = call(Light.Add, aStack);
  }
  return result2;
}

/** The server ends, in which a captured thread is. */
export function abortedAndTerminated(server: u32, procedure: u32, calls: u32, thread: u32): u32 {
  if (thread != 0) {
    wait();
    for (let i = 0; i < 100; i++) rest();
    return trap(CallTrap.AbortCall, atomic.load<u32>(PLACE) - 1, 0, 0, 0);
  }
  if (begin() != 0) return 1;
  atomic.store<u32>(PLACE, trap(CallTrap.ThreadNumber, 0, 0, 0, 0) + 1);
  if (ask(first(Light.Ask), Asked.WaitForEver) != CallError.CallAborted) return 2;
  if (trap(CallTrap.Terminate, SERVER, 0, 0, 0) != 0) return 3;
  for (let i = 0; i < 100; i++) rest();
  return call(Light.Add, first(Light.Add)) == CallError.CallFailed ? 0 : 4;
}
