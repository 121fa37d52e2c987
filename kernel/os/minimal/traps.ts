/** What a process asks for, and what it did that it may not. */
import { ImportInformation } from "../../information";
import { clock } from "../../machine";
import { argument, Cause, Fault } from "../../privileged";
import { information } from "../../vm/physical";
import { faultText } from "../faults";
import { SystemCall, SystemError } from "../system-calls";
import { add, addBytes, addName, addNumber, beginLine, endLine, writeLine } from "./console";
import { exit, KILLED, kill } from "./exit";
import { miss, physical } from "./paging";
import { Process } from "./process";
import { rest, yieldToOthers } from "./scheduler";

/** System calls from here on are imports of modules other than the machine's. */
const FOREIGN: u32 = 1 << 16;
/** What waiting returns. */
const NOT_EQUAL: u32 = 1;
const TIMED_OUT: u32 = 2;

export function answer(process: Process, cause: u32, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  switch (cause) {
    case Cause.TRANSLATION_MISS:
      miss(process, number, a);
      return 0;
    case Cause.SYSTEM_CALL:
      return systemCall(process, number, a, b);
    case Cause.GROW:
      return grow(process, number);
    case Cause.SIZE:
      return process.memoryPages;
    case Cause.WAIT:
      return wait(process, number, a, b | ((<u64>c) << 32), d | ((<u64>argument(4)) << 32));
    case Cause.NOTIFY:
      // Nobody waits: a process has one thread.
      if (physical(process, a) == 0) kill(process, "memory access out of bounds");
      return 0;
    case Cause.PRIVILEGED:
      kill(process, "a privileged instruction");
      return 0;
    case Cause.FAULT:
      if (number == Fault.Failed) killFor(process, "failed for reason ", a);
      kill(process, number == Fault.Message ? "send or receive" : faultText(number));
      return 0;
    default:
      // No page is for reading only.
      killFor(process, "a trap for cause ", cause);
      return 0;
  }
}

function killFor(process: Process, text: string, number: u32): void {
  beginLine(process);
  add(process, text);
  addNumber(process, number);
  endLine(process);
  exit(process, KILLED);
}

function systemCall(process: Process, number: u32, a: u32, b: u32): u32 {
  switch (number) {
    case SystemCall.Exit:
      exit(process, a);
      return 0;
    case SystemCall.Yield:
      yieldToOthers();
      return 0;
    case SystemCall.Process:
      return process.number;
    case SystemCall.Write:
      return write(process, a, b);
    case SystemCall.Time:
      return <u32>(<u64>((clock() * 1000) / <f64>information.kilohertz));
    default:
      if (number >= FOREIGN) killForImport(process, number - FOREIGN);
      return SystemError.Unknown;
  }
}

/**
 * Writes bytes of the process's memory to the console: all or none of them, and as many at a time as a page has, so that what
 * lies in two pages does not mix with what others write.
 */
function write(process: Process, address: u32, bytes: u32): u32 {
  const page = information.pageBytes;
  for (let at: u64 = address & ~(page - 1); at < <u64>address + bytes; at += page) {
    if (at > u32.MAX_VALUE || physical(process, <u32>at) == 0) return SystemError.BadAddress;
  }
  for (let written: u32 = 0; written < bytes; ) {
    process.lineBytes = 0;
    while (written < bytes && process.lineBytes < page) {
      const from = address + written;
      const length = min(min(bytes - written, page - process.lineBytes), page - (from & (page - 1)));
      addBytes(process, physical(process, from), length);
      written += length;
    }
    writeLine(process);
  }
  return bytes;
}

/** The program imports what this kernel does not have. */
function killForImport(process: Process, number: u32): void {
  const imported = changetype<ImportInformation>(process.image.imports + number * offsetof<ImportInformation>());
  beginLine(process);
  add(process, "called ");
  addName(process, imported.module, imported.moduleBytes);
  add(process, ".");
  addName(process, imported.name, imported.nameBytes);
  add(process, ", which this kernel does not have");
  endLine(process);
  exit(process, KILLED);
}

function grow(process: Process, pages: u32): u32 {
  const before = process.memoryPages;
  if (pages > process.image.memoryMost - before) return -1;
  process.memoryPages = before + pages;
  return before;
}

/** A process's one thread waits for what no other can notify: until the time is over, or in vain. */
function wait(process: Process, bytes: u32, address: u32, expected: u64, nanoseconds: i64): u32 {
  const at = physical(process, address);
  if (at == 0) kill(process, "memory access out of bounds");
  if (bytes == 8 ? atomic.load<u64>(at) != expected : atomic.load<u32>(at) != <u32>expected) return NOT_EQUAL;
  if (nanoseconds < 0) kill(process, "waits for ever");
  const until = clock() + (<f64>nanoseconds * information.kilohertz) / 1e6;
  for (let left = until - clock(); left > 0; left = until - clock()) rest(<u32>min<f64>(left + 1, 1e9));
  return TIMED_OUT;
}
