/**
 * Demand paging: a page gets a frame when it is first referred to, with zeros or with what the image's data has for it.
 */

import { Failure } from "../../failure";
import { DataInformation } from "../../information";
import { fail } from "../../machine";
import { Access, Command, Device, VALID, WRITABLE, write_translation } from "../../privileged";
import { BLOCK_SHIFT, entryOf, frameOf, frames, freePages, ON_DISK, SWAPPED } from "../../vm/page-table";
import { findDevice, information, NONE, reserved } from "../../vm/physical";
import { shuffle } from "./arguments";
import { admit, bringBack, freeBlock } from "./eviction";
import { kill } from "./exit";
import { Process } from "./process";
import { transfer } from "./scheduler";

const WASM_PAGE: u32 = 65536;

/** What nobody has reserved is frames that can be handed out; to be called by one processor, when all is reserved. */
export function fillFrames(): void {
  const page = information.pageBytes;
  const end = changetype<u32>(information) & ~(page - 1);
  frames.random = shuffle;
  for (let frame = (reserved() + page - 1) & ~(page - 1); frame < end; frame += page) frames.give(frame);
}

/** The process's memory holds what its image says: those pages are on the first disk. */
export function findData(process: Process): void {
  const image = process.image;
  for (let i: u32 = 0; i < image.dataCount; i++) {
    const run = changetype<DataInformation>(image.data + i * offsetof<DataInformation>());
    for (let k: u32 = 0; k < run.pages; k++) {
      const at = entryOf(process.root, run.page + k, true);
      if (at == 0) fail(Failure.OutOfMemory);
      store<u32>(at, ((run.block + k) << BLOCK_SHIFT) | ON_DISK);
    }
  }
}

/** A reference to a page for which the processor has no translation. */
export function miss(process: Process, page: u32, access: u32): void {
  const entry = access == Access.Execute ? codeEntry(process, page) : residentEntry(process, page);
  if (entry == 0) kill(process, "memory access out of bounds");
  if (!information.walks) write_translation(process.space, page, entry);
}

/** The physical address of one of the process, whose page has a frame from now on; 0 if it is out of its memory. */
export function physical(process: Process, address: u32): usize {
  const page = information.pageBytes;
  const entry = residentEntry(process, address / page);
  return entry == 0 ? 0 : frameOf(entry) + (address & (page - 1));
}

function codeEntry(process: Process, page: u32): u32 {
  const at = entryOf(process.root, page, true);
  if (at == 0) kill(process, "out of memory");
  store<u32>(at, VALID);
  return VALID;
}

/** The entry of a page of the process's memory, which has a frame from now on; 0 if its memory has no such page. */
function residentEntry(process: Process, page: u32): u32 {
  if (page >= dataPages(process)) return 0;
  const at = entryOf(process.root, page, true);
  if (at == 0) kill(process, "out of memory");
  const entry = load<u32>(at);
  if (entry & VALID) return entry;
  admit(process, page);
  const frame = frames.take();
  if (frame == NONE) kill(process, "out of memory");
  const block = entry >> BLOCK_SHIFT;
  if (entry == 0) memory.fill(frame, 0, information.pageBytes);
  else if (entry & SWAPPED) bringBack(block, frame);
  else transfer(findDevice(Device.Disk), Command.Read, block, frame);
  const resident = frame | VALID | WRITABLE;
  store<u32>(at, resident);
  return resident;
}

/** How many pages its memory has. */
function dataPages(process: Process): u32 {
  return process.memoryPages * (WASM_PAGE / information.pageBytes);
}

/** All that the process has in memory and on the second disk is free. */
export function freeMemory(process: Process): void {
  const image = process.image;
  freePages(process.root, 0, dataPages(process), (entry) => {
    if (entry & VALID) frames.give(frameOf(entry));
    else if (entry & SWAPPED) freeBlock(entry >> BLOCK_SHIFT);
  });
  freePages(process.root, image.codePage, image.codePages, () => {});
}
