/** From a process's begin to its end: what is executed on its stack, below all that it does. */

import { isText } from "../../exports";
import { ExportInformation } from "../../information";
import { Command, call, create_context, create_instance, Device, ENTRY, io } from "../../privileged";
import { reserveRoot } from "../../vm/page-table";
import { findDevice, imageOf, information, NONE } from "../../vm/physical";
import { nameBytes, nameOfEntry } from "./arguments";
import { add, beginLine, endLine, reserveLine } from "./console";
import { reserveResidents } from "./eviction";
import { KILLED } from "./exit";
import { findData, freeMemory } from "./paging";
import { Process, processOf, State } from "./process";
import { makeReady, suspend } from "./scheduler";

const FUNCTION: u32 = 0;

/** The process with whose status the machine ends. */
const FIRST: u32 = 1;

/** What the process of an image needs of physical memory, but frames. */
export function reserveProcess(number: u32): void {
  const process = processOf(number);
  process.number = number;
  process.image = imageOf(number);
  process.root = reserveRoot();
  reserveResidents(process);
  reserveLine(process);
}

/** Makes a process ready for the first time. */
export function create(process: Process): void {
  const number = process.number;
  process.memoryPages = process.image.memoryPages;
  process.space = number % information.spaces;
  process.lastProcessor = NONE;
  process.instance = create_instance(number, 0);
  process.context = create_context(load<u32>(changetype<usize>(live)) | ENTRY, changetype<u32>(process));
  findData(process);
  makeReady(process);
}

/** The first function of a process's stack. */
function live(address: u32): void {
  const process = changetype<Process>(address);
  const status = execute(process);
  if (process.number == FIRST) io(findDevice(Device.Power), Command.Write, status, 0);
  freeMemory(process);
  suspend(State.Ended);
}

/** Executes the program; the process's status. */
function execute(process: Process): u32 {
  const entry = findEntry(process);
  if (entry == NONE) {
    beginLine(process);
    add(process, "expected a function to begin with: the one that is asked for, or _start, main or run");
    endLine(process);
    return KILLED;
  }
  if (process.image.start >= 0) {
    const status = call(process.instance, process.image.start, 0, 0, 0, 0, 0, 0);
    if (process.exited) return status;
  }
  return call(process.instance, entry, 0, 0, 0, 0, 0, 0);
}

/** The number of the function that the arguments name for the process, or that has the most usual name; NONE if none has. */
function findEntry(process: Process): u32 {
  const image = process.image;
  const asked = nameOfEntry(process.number);
  const askedBytes = nameBytes();
  let best: u32 = 0;
  let found = NONE;
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const one = changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
    if (one.kind != FUNCTION) continue;
    const isAsked = one.nameBytes == askedBytes && memory.compare(one.name, asked, askedBytes) == 0;
    const rank = asked != 0 ? u32(isAsked) : usual(one.name, one.nameBytes);
    if (rank > best) {
      best = rank;
      found = one.index;
    }
  }
  return found;
}

/** How usual the name is of a program's first function; 0 for others. */
function usual(name: usize, bytes: u32): u32 {
  if (isText(name, bytes, "_start")) return 3;
  if (isText(name, bytes, "main")) return 2;
  return u32(isText(name, bytes, "run"));
}
