/**
 * What processes write to the console, and what the kernel says of them: each has a frame in which a line is put together, so
 * that lines of several do not mix. The process waits until the line is written.
 */
import { Command, Device } from "../../privileged";
import { findDevice, information, reserve } from "../../vm/physical";
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
  addBytes(process, address, min(bytes, NAME_BYTES));
}

export function addBytes(process: Process, address: usize, bytes: u32): void {
  memory.copy(process.line + process.lineBytes, address, bytes);
  process.lineBytes += bytes;
}

export function addNumber(process: Process, value: u32): void {
  if (value >= 10) addNumber(process, value / 10);
  store<u8>(process.line + process.lineBytes++, <u8>(0x30 + (value % 10)));
}

export function endLine(process: Process): void {
  add(process, "\n");
  writeLine(process);
}

export function writeLine(process: Process): void {
  transfer(console, Command.Write, <u32>process.line, process.lineBytes);
}
