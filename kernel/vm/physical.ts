/**
 * Physical memory: what the kernel has for itself, all else in frames for pages, and what it is told at the end.
 *
 *     | static data | ready queue | free frames | ... | processes | page tables' roots | ... | frame | frame | ... | information |
 *
 * Every processor reserves the same up to the processes, so all know where that is and nobody has to be told. The first one
 * goes on alone. Memory is zero at first.
 */

import { Failure } from "../failure";
import { DeviceInformation, ImageInformation, Information } from "../information";
import { fail } from "../machine";

/** Bytes of a line of the cache, or more: what different processors write is not in one. */
export const LINE: u32 = 128;
/** Of no frame, block or device. */
export const NONE: u32 = 0xffffffff;

export let information: Information = changetype<Information>(0);
/** The next byte that is not reserved. */
let next: u32 = 0;

export function beginMemory(address: u32): void {
  information = changetype<Information>(address);
  next = <u32>__heap_base;
}

/** Bytes for the kernel's own, zeroed, from a multiple of `alignment` on. */
export function reserve(bytes: u32, alignment: u32 = LINE): usize {
  const address = (next + alignment - 1) & ~(alignment - 1);
  next = address + bytes;
  if (next > changetype<u32>(information)) fail(Failure.OutOfMemory);
  return address;
}

/** The first address that is not reserved. */
export function reserved(): u32 {
  return next;
}

export function imageOf(number: u32): ImageInformation {
  return changetype<ImageInformation>(information.images + number * offsetof<ImageInformation>());
}

export function deviceOf(number: u32): DeviceInformation {
  return changetype<DeviceInformation>(information.devices + number * offsetof<DeviceInformation>());
}

/** The number of the device of a kind, of which `before` come before it; NONE if there is none. */
export function findDevice(kind: u32, before: u32 = 0): u32 {
  for (let number: u32 = 0; number < information.deviceCount; number++) {
    if (deviceOf(number).kind == kind && before-- == 0) return number;
  }
  return NONE;
}
