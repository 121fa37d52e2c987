/**
 * What the kernel itself says on the console: a line about a process, put together in a frame that each process has for
 * this, so that lines of several do not mix. The process waits until the line is written.
 */
import { Command, Device } from "../../privileged";
import { findDevice, information, reserve } from "./physical";
import { Process } from "./process";
import { transfer } from "./scheduler";

/** The most bytes of a name within a line, which is 512 at least. */
const NAME_BYTES: u32 = 120;

let console: u32 = 0;

export function findConsole(): void {
  console = findDevice(Device.Console);
}

export function reserveLine(process: Process): void {
  process.line = reserve(information.pageBytes, information.pageBytes);
}

/** Begins a line with the name of the process's image. */
export function beginLine(process: Process): void {
  process.lineBytes = 0;
  addName(process, process.image.name, process.image.nameBytes);
  add(process, ": ");
}

export function add(process: Process, text: string): void {
  for (let i = 0; i < text.length; i++) store<u8>(process.line + process.lineBytes++, <u8>text.charCodeAt(i));
}

export function addName(process: Process, address: usize, bytes: u32): void {
  const most = min(bytes, NAME_BYTES);
  memory.copy(process.line + process.lineBytes, address, most);
  process.lineBytes += most;
}

export function addNumber(process: Process, value: u32): void {
  if (value >= 10) addNumber(process, value / 10);
  store<u8>(process.line + process.lineBytes++, <u8>(0x30 + (value % 10)));
}

export function endLine(process: Process): void {
  add(process, "\n");
  writeOut(<u32>process.line, process.lineBytes);
}

/** Writes bytes of one frame to the console. */
export function writeOut(address: u32, bytes: u32): void {
  transfer(console, Command.Write, address, bytes);
}
