/**
 * The client of lightweight calls on one thread of this computer: each function calls Null or BigInOut many times, in one way,
 * and returns how many answers were wrong.
 */
import { CallTrap, isError } from "../../calls/numbers";
import { ANSWER, BIG, MARK, Procedure } from "../../calls/procedures";
import { BINDING_BYTES, bind, callBigInOut, callNull } from "../../calls/stubs/lrpc";
import { trap } from "../../privileged";
import { call_checked } from "./checked";
import { lrpcBigInOut, lrpcNull } from "./server";

const BINDING: usize = memory.data(3072, 256);
const BYTES: usize = memory.data(256, 256);

/** Binds to an image: 0, or a `CallError`. */
export function bind_to(server: u32): u32 {
  if (BINDING_BYTES > 3072) unreachable();
  for (let at: u32 = 0; at < BIG; at += 4) store<u32>(BYTES + at, at);
  store<u32>(BYTES, MARK);
  store<u32>(BYTES + BIG - 4, MARK);
  return bind(BINDING, server, false);
}

/** The binding's number, as the kernel has told it. */
export function number(): u32 {
  return load<u32>(BINDING);
}

/** A procedure's first A-stack. */
export function first_a_stack(procedure: u32): u32 {
  return load<u32>(BINDING + procedure * 12, 8);
}

/** What a call returns that is given these. */
export function try_checked(number: u32, procedure: u32, aStack: u32): u32 {
  return call_checked(number, procedure, aStack);
}

/** The same by the kernel's trap. */
export function try_lrpc(number: u32, procedure: u32, aStack: u32): u32 {
  return trap(CallTrap.CallLight, number, procedure, aStack, 0);
}

export function direct_null(calls: u32): u32 {
  const aStack = first_a_stack(Procedure.Null);
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) wrong += u32(lrpcNull(aStack) != 0);
  return wrong;
}

export function checked_null(calls: u32): u32 {
  const is = number();
  const aStack = first_a_stack(Procedure.Null);
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) wrong += u32(call_checked(is, Procedure.Null, aStack) != 0);
  return wrong;
}

export function lrpc_null(calls: u32): u32 {
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) wrong += u32(callNull(BINDING) != 0);
  return wrong;
}

/** The bytes are copied to where the server finds them, and back, as they are by the others. */
export function direct_big(calls: u32): u32 {
  const aStack = first_a_stack(Procedure.BigInOut);
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    memory.copy(aStack, BYTES, BIG);
    const result = lrpcBigInOut(aStack);
    memory.copy(BYTES, aStack, BIG);
    wrong += u32(result != 0 || !isAnswer());
  }
  return wrong + end();
}

export function checked_big(calls: u32): u32 {
  const is = number();
  const aStack = first_a_stack(Procedure.BigInOut);
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    memory.copy(aStack, BYTES, BIG);
    const result = call_checked(is, Procedure.BigInOut, aStack);
    if (!isError(result)) memory.copy(BYTES, aStack, BIG);
    wrong += u32(result != 0 || !isAnswer());
  }
  return wrong + end();
}

export function lrpc_big(calls: u32): u32 {
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < calls; i++) {
    wrong += u32(callBigInOut(BINDING, Procedure.BigInOut, BYTES) != 0 || !isAnswer());
  }
  return wrong + end();
}

/** Whether the server's answer has come; it is what is sent next. */
function isAnswer(): bool {
  const is = load<u32>(BYTES) == MARK + ANSWER && load<u32>(BYTES + BIG - 4) == MARK + ANSWER;
  store<u32>(BYTES, MARK);
  store<u32>(BYTES + BIG - 4, MARK);
  return is;
}

/** How many words between the ends are not as they were. */
function end(): u32 {
  let wrong: u32 = 0;
  for (let at: u32 = 4; at < BIG - 4; at += 4) wrong += u32(load<u32>(BYTES + at) != at);
  return wrong;
}
