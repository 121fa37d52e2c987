/** A server of lightweight calls, whose procedures do what a test asks for. */

import { CallTrap } from "../../../../kernel/calls/numbers";
import { bind, copyFromClient, exportInterface } from "../../../../kernel/calls/stubs/lrpc";
import { work } from "../../../../kernel/machine";
import { trap } from "../../../../kernel/privileged";

/** Procedures, of which the first two share A-stacks. */
export enum Light {
  /** Adds 1 to the A-stack's word; a word is a number of `Asked`. */
  Add,
  Ask,
  /** Has an A-stack of 512 bytes, and one call at once. */
  Alone,
}

export enum Asked {
  WaitForEver,
  /** Thousands of cycles in the second word. */
  Work,
  Fault,
  /** Copies from the client's address in the second word, bytes in the third; returns what the kernel says, or the first word. */
  Copy,
  /** The address of the E-stack. */
  Stack,
  /** Ask of the domain in the second word, which works long. */
  CallOn,
  /** Binds to the domain in the second word; the number of the binding, and its first A-stack in the second word. */
  Bind,
}

/** How many E-stacks the clerk says that it has. */
const STACKS: u32 = 4;
const STACK_BYTES: u32 = 256;
const MEMORY: usize = memory.data(1024, 256);
const LIST: usize = memory.data(256, 16);
const NAMES: usize = memory.data(256, 16);
const INNER: usize = memory.data(4096, 256);

export function lrpc(): u32 {
  store<u32>(LIST, <u32>MEMORY);
  store<u32>(LIST, STACK_BYTES, 4);
  store<u32>(LIST, STACKS, 8);
  store<u32>(LIST, -1, 12);
  listed(Light.Add, "add", 5, 12);
  listed(Light.Ask, "ask", 6, 16);
  listed(Light.Alone, "add", 1, 512);
  return exportInterface(LIST, 3);
}

function listed(procedure: u32, name: string, calls: u32, bytes: u32): void {
  const descriptor = LIST + 16 + procedure * 16;
  const at = NAMES + procedure * 32;
  for (let i = 0; i < name.length; i++) store<u8>(at + i, <u8>name.charCodeAt(i));
  store<u32>(descriptor, <u32>at);
  store<u32>(descriptor, name.length, 4);
  store<u32>(descriptor, calls, 8);
  store<u32>(descriptor, bytes, 12);
}

export function add(aStack: u32): u32 {
  store<u32>(aStack, load<u32>(aStack) + 1);
  return 0;
}

export function ask(aStack: u32, eStack: u32): u32 {
  const b = load<u32>(aStack, 4);
  switch (load<u32>(aStack)) {
    case Asked.WaitForEver:
      while (true) work(1000);
    case Asked.Work:
      for (let i: u32 = 0; i < b; i++) work(1000);
      return b;
    case Asked.Copy: {
      const error = copyFromClient(b, eStack, load<u32>(aStack, 8));
      return error == 0 ? load<u32>(eStack) : error;
    }
    case Asked.Stack:
      return eStack;
    case Asked.CallOn: {
      const error = bind(INNER, b, true);
      if (error != 0) return error;
      const inner = load<u32>(INNER, 8 + 12);
      store<u32>(inner, Asked.Work);
      store<u32>(inner, 3000, 4);
      return trap(CallTrap.CallLight, load<u32>(INNER), Light.Ask, inner, 0);
    }
    case Asked.Bind: {
      const error = bind(INNER, b, true);
      if (error != 0) return error;
      store<u32>(aStack, load<u32>(INNER, 8), 4);
      return load<u32>(INNER);
    }
    default:
      unreachable();
      return 0;
  }
}
