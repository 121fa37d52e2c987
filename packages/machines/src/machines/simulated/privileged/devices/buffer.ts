/** Physical memory that a request names. */
import { COMMAND } from "../../../../program/privileged.js";
import type { DeviceSurroundings } from "./device.js";

/** Bytes of the word before what console and network bring. */
export const COUNT = 4;

/** Why so many bytes from an address on cannot be transferred; undefined if they are of one frame. */
export function outsideFrame(
  address: number,
  length: number,
  { page, memory }: DeviceSurroundings,
): string | undefined {
  const received = `received ${length} bytes at address ${address}`;
  if (address + length > memory) return `${received}; expected them in memory, which has ${memory}`;
  if ((address % page) + length > page) return `${received}; expected them in one frame of ${page}`;
  return undefined;
}

/** The same of the buffer that console and network read or write. */
export function refusalOf(
  command: number,
  address: number,
  length: number,
  surroundings: DeviceSurroundings,
): string | undefined {
  const least = command === COMMAND.read ? COUNT + 1 : 1;
  if (length < least || length > surroundings.page) {
    return `received ${length} bytes; expected ${least} to ${surroundings.page}`;
  }
  return outsideFrame(address, length, surroundings);
}

/** How many bytes there are, and the bytes. */
export function counted(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(COUNT + bytes.length);
  new DataView(buffer.buffer).setUint32(0, bytes.length, true);
  buffer.set(bytes, COUNT);
  return buffer;
}
