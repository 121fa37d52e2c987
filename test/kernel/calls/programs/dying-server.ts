/** A server whose procedures do what a test asks for: they wait for ever, call on, fault. */
import { isError } from "../../../../kernel/calls/numbers";
import { receive } from "../../../../kernel/calls/stubs/message";
import { call, copyFromCaller } from "../../../../kernel/calls/stubs/ppc";
import { work } from "../../../../kernel/machine";

export enum Asked {
  Nothing,
  WaitForEver,
  /** a: thousands of cycles. */
  Work,
  /** a: the binding, b: what is asked of that one. */
  CallOn,
  Fault,
  /** a: an address of the caller, b: bytes; returns what the kernel says. */
  Copy,
  /** a: the binding, which is called for the same again. */
  Recurse,
}

const MESSAGES: usize = memory.data(16384, 256);

export function message(thread: u32): u32 {
  const M = MESSAGES + thread * 2048;
  let bytes: u32 = 0;
  while (true) {
    const asked = receive(M, bytes);
    if (isError(asked)) return asked;
    store<u32>(M, execute(asked, load<u32>(M), load<u32>(M, 4)));
    bytes = 4;
  }
}

export function ppc(a: u32, b: u32, c: u32, d: u32, asked: u32, worker: u32): u32 {
  return execute(asked & 0xff, a, b);
}

function execute(asked: u32, a: u32, b: u32): u32 {
  switch (asked) {
    case Asked.WaitForEver:
      while (true) work(1000);
    case Asked.Work:
      for (let i: u32 = 0; i < a; i++) work(1000);
      return a;
    case Asked.CallOn:
      return call(a, b, 0, 0, 0, 0);
    case Asked.Recurse:
      return call(a, asked, a, 0, 0, 0);
    case Asked.Copy:
      return copyFromCaller(a, MESSAGES, b);
    case Asked.Nothing:
      return a + 1;
    default:
      unreachable();
      return 0;
  }
}
