/** The walks, each by a character of the kernel's arguments. */
import {
  call,
  context,
  copy_context,
  enable_interrupts,
  idle,
  interrupt,
  release,
  set_global,
  set_timer,
} from "../../../../../kernel/privileged";
import { captured, forked } from "./answers";
import { readConsole, writeConsole } from "./devices";
import { createInstances, exported, program } from "./image";
import { line, number, numbers } from "./log";
import { dropAll, noteBits, share, useSpace } from "./pages";
import { createThread, execute, me, send, serve } from "./threads";
import { afterSome, FLAG, OnTimer, work } from "./timer";

/** A frame for the console. */
const LINE: u32 = 0x34000;
/** "hello\n" */
const HELLO: u64 = 0x0a6f6c6c6568;

const GLOBAL_PAGE: u32 = 0x35;

const CHARACTERS: u32 = 0x61;

export function walk(character: u32, pageBytes: u32): void {
  createInstances();
  useSpace(1);
  switch (character - CHARACTERS) {
    case 0:
      systemCall();
      break;
    case 1:
      miss(pageBytes);
      break;
    case 2:
      contextSwitch();
      break;
    case 3:
      travel();
      break;
    case 4:
      interrupts();
      break;
    case 5:
      abandons();
      break;
    case 6:
      fork(pageBytes);
      break;
    case 7:
      callAborted();
      break;
    case 8:
      useDevices();
      break;
    case 9:
      globals(pageBytes);
      break;
  }
}

function run(entry: string, a: u32): void {
  number("returned", call(program, exported(entry), a, 0, 0, 0, 0, 0));
}

/** System calls, a privileged instruction, and what a program asks of its memory. */
function systemCall(): void {
  run("asks", 5);
  run("resizes", 0);
}

function miss(pageBytes: u32): void {
  run("touches", pageBytes);
  dropAll(16, 2);
  line("all dropped");
  run("touches", pageBytes);
}

/** Two threads by turns, on one processor. */
function contextSwitch(): void {
  const one = createThread(program, exported("alternates"), 100, 1);
  const other = createThread(program, exported("alternates"), 200, 1);
  while (!one.ended || !other.ended) {
    if (!one.ended) execute(one);
    if (!other.ended) execute(other);
  }
  release(one.context);
  release(other.context);
}

/** A thread that goes on on another processor after each system call. */
function travel(): void {
  set_global(program, exported("count"), 1000);
  const thread = createThread(program, exported("travels"), 5, 1);
  send(me, thread);
  serve(thread);
  release(thread.context);
}

function interrupts(): void {
  line("in user mode");
  afterSome(OnTimer.SetFlag);
  run("waits", 0);
  line("pending until enabled");
  work();
  number("were enabled", enable_interrupts(true) ? 1 : 0);
  number("are enabled", enable_interrupts(false) ? 1 : 0);
  line("pending until back in user mode, and until there");
  run("works", 0);
  work();
  run("says", 9);
  line("pending and not taken");
  set_timer(100);
  idle();
  line("idle no more");
  enable_interrupts(true);
  line("enabled");
  enable_interrupts(false);
  line("merged, the least first");
  interrupt(me, 9);
  interrupt(me, 31);
  interrupt(me, 9);
  interrupt(me, 5);
  work();
  enable_interrupts(true);
  enable_interrupts(false);
  line("by a thread that begins while they are enabled");
  enable_interrupts(true);
  const thread = createThread(program, exported("says"), 10, 1);
  execute(thread);
  number("are enabled", enable_interrupts(false) ? 1 : 0);
}

function abandons(): void {
  run("exits", 42);
  run("nests", 0);
  run("divides", 0);
  afterSome(OnTimer.Abandon);
  run("waits", 0);
  number("were enabled", enable_interrupts(true) ? 1 : 0);
  run("exits", 43);
  number("were enabled", enable_interrupts(false) ? 1 : 0);
}

function fork(bytes: u32): void {
  const thread = createThread(program, exported("forks"), 0, 1);
  execute(thread);
  execute(forked);
  noteBits(FLAG / bytes);
  release(forked.context);
  release(forked.instance);
}

function callAborted(): void {
  const thread = createThread(program, exported("asksServer"), 8, 1);
  afterSome(OnTimer.AbortCall);
  execute(thread);
  line("the copy");
  execute(thread);
  line("the captured one");
  thread.context = captured;
  execute(thread);
  release(captured);
}

function useDevices(): void {
  store<u64>(LINE, HELLO);
  writeConsole(LINE, 6);
  readConsole(LINE, 12);
  numbers("typed", load<u32>(LINE), load<u8>(LINE + 4));
  // A copy of what executes this, which nobody ever executes.
  const own = context();
  const copy = copy_context();
  numbers("numbers", own, copy);
  release(copy);
  number("number", context());
}

/** A page of all spaces, which one of them drops. The kernel has a page of that number, too, and has not used it. */
function globals(pageBytes: u32): void {
  const address = GLOBAL_PAGE * pageBytes;
  share(GLOBAL_PAGE, 1);
  useSpace(1);
  run("reads", address);
  useSpace(2);
  run("reads", address);
  share(GLOBAL_PAGE, 2);
  run("reads", address);
  useSpace(1);
  run("reads", address);
  number("own", load<u32>(address));
}
