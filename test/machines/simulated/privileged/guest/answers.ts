/** What the guest's kernel answers its program. */
import {
  abandon,
  argument,
  call,
  context,
  copy_context,
  create_instance,
  replace_instance,
} from "../../../../../kernel/privileged";
import { CALL_ABORTED, Call } from "./calls";
import { exported, program, server } from "./image";
import { line, number, numbers } from "./log";
import { copySpace, drop, setWord, useSpace } from "./pages";
import { copyThread, current, me, suspend, Thread } from "./threads";
import { FLAG, work } from "./timer";

const FOREIGN: u32 = 1 << 16;
/** Of the server. */
const SERVER_SPACE: u32 = 2;

/** The copy that `fork` made. */
export let forked: Thread = changetype<Thread>(0);
/** The context that stays in a server when its caller has gone on without it. */
export let captured: u32 = 0;

export function answer(asked: u32, a: u32, b: u32): u32 {
  switch (asked) {
    case Call.Say:
      number("says", a);
      return 0;
    case Call.Sum:
      numbers("sum", argument(0), argument(1));
      numbers("sum", argument(2), argument(3));
      return a * 10;
    case Call.Exit:
      number("exits", a);
      abandon(a);
      return 0;
    case Call.Drop:
      number("drop", a);
      drop(a);
      return 0;
    case Call.Yield:
      numbers("yields", current.number, me);
      suspend();
      numbers("goes on", current.number, me);
      return 0;
    case Call.Fork:
      return fork();
    case Call.Nest: {
      const nested = call(program, exported("exits"), 21, 0, 0, 0, 0, 0);
      number("nested", nested);
      return nested;
    }
    case Call.Serve:
      return callServer(a);
    case Call.Work:
      work();
      return 1;
    default:
      numbers("foreign", asked - FOREIGN, a);
      numbers("foreign", b, argument(2));
      numbers("foreign", argument(3), argument(31));
      return a + b + argument(2);
  }
}

/** The copy of the present thread goes on with a copy of the instance, in a copy of the space. */
function fork(): u32 {
  const parent = current;
  const child = copyThread(parent);
  child.space = parent.space + 1;
  copySpace(child.space);
  child.instance = create_instance(1, parent.instance);
  const copy = copy_context();
  if (copy == 0) {
    numbers("copy goes on", current.number, me);
    replace_instance(parent.instance, current.instance);
    return 0;
  }
  child.context = copy;
  forked = child;
  numbers("copied", parent.number, child.number);
  return 1;
}

/** LRPC: the thread executes the server, in the server's space. */
function callServer(a: u32): u32 {
  useSpace(SERVER_SPACE);
  const result = call(server, exported("captures"), a, 0, 0, 0, 0, 0);
  if (context() == captured) {
    number("captured thread returns", result);
    suspend();
  }
  useSpace(current.space);
  number("server returned", result);
  return result;
}

/** The caller goes on in a copy of the thread, as if the server had ended; the thread itself stays in the server. */
export function abortCall(): void {
  captured = context();
  const copy = copy_context();
  if (copy == 0) {
    line("call aborted");
    abandon(CALL_ABORTED);
  }
  line("call is aborted");
  current.context = copy;
  suspend();
  line("server goes on");
  useSpace(SERVER_SPACE);
  setWord(FLAG, 1);
}
