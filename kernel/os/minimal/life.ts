/** From a process's begin to its end: what is executed on its stack, below all that it does. */
import { ExportInformation } from "../../information";
import { Command, call, create_context, create_instance, Device, ENTRY, io } from "../../privileged";
import { nameBytes, nameOfEntry } from "./arguments";
import { add, beginLine, endLine, reserveLine } from "./console";
import { KILLED } from "./exit";
import { reserveRoot } from "./page-table";
import { findData, freeMemory, reserveResidents } from "./paging";
import { findDevice, information, NONE } from "./physical";
import { Process, processOf, State } from "./process";
import { makeReady, suspend } from "./scheduler";

const FUNCTION: u32 = 0;

/** The process with whose status the machine ends. */
const FIRST: u32 = 1;

export function reserveProcess(number: u32): void {
  const process = processOf(number);
  reserveRoot(process);
  reserveResidents(process);
  reserveLine(process);
}

/** Makes the process of an image, and makes it ready. */
export function create(number: u32): void {
  const process = processOf(number);
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
  const entry = findEntry(process);
  const start = process.image.start;
  let status: u32 = KILLED;
  if (entry == NONE) {
    beginLine(process);
    add(process, "expected an exported function to begin with: _start, main, run or the one that is asked for");
    endLine(process);
  } else {
    if (start >= 0) status = call(process.instance, start, 0, 0, 0, 0, 0, 0);
    if (!process.exited) status = call(process.instance, entry, 0, 0, 0, 0, 0, 0);
  }
  if (process.number == FIRST) io(findDevice(Device.Power), Command.Write, status, 0);
  freeMemory(process);
  suspend(State.Ended);
}

/** The number of the function that the arguments name for the process, or of the first that there is of the usual ones. */
function findEntry(process: Process): u32 {
  const asked = nameOfEntry(process.number);
  if (asked != 0) return exported(process, asked, nameBytes());
  let found = usual(process, "_start");
  if (found == NONE) found = usual(process, "main");
  return found == NONE ? usual(process, "run") : found;
}

function usual(process: Process, name: string): u32 {
  // The line has nothing else to do yet.
  process.lineBytes = 0;
  add(process, name);
  return exported(process, process.line, process.lineBytes);
}

/** The number of the function that the process's image exports by a name; NONE if it does not. */
function exported(process: Process, name: usize, bytes: u32): u32 {
  const image = process.image;
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const one = changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
    if (one.kind == FUNCTION && one.nameBytes == bytes && memory.compare(one.name, name, bytes) == 0) return one.index;
  }
  return NONE;
}
