/**
 * Demand paging: a page gets a frame when it is first referred to, with zeros or what the image's data has for it. Where a
 * process may have only so many frames, another of its pages makes room, chosen at random, and is written to the second disk.
 *
 * A process takes frames from nobody but itself, so no other processor has to drop a translation.
 */
import { DataInformation } from "../../information";
import { fail } from "../../machine";
import { Access, Command, Device, VALID, WRITABLE, write_translation } from "../../privileged";
import { random } from "../../random";
import { frames as mostFrames, shuffle } from "./arguments";
import { kill } from "./exit";
import { Failure } from "./failure";
import { BLOCK_SHIFT, entryOf, frameOf, frames, freePages, ON_DISK, SWAPPED } from "./page-table";
import { deviceOf, findDevice, information, NONE, reserve, reserved } from "./physical";
import { Pool } from "./pool";
import { Process } from "./process";
import { transfer } from "./scheduler";

const WASM_PAGE: u32 = 65536;

let firstDisk: u32 = 0;
let secondDisk: u32 = 0;
/** Free blocks of the second disk. */
let blocks: Pool = changetype<Pool>(0);

export function reserveBlocks(): void {
  firstDisk = findDevice(Device.Disk);
  secondDisk = findDevice(Device.Disk, 1);
  if (mostFrames == 0) return;
  if (mostFrames < 2) fail(Failure.FewFrames);
  if (secondDisk == NONE) fail(Failure.NoSecondDisk);
  blocks = Pool.reserve(deviceOf(secondDisk).blocks);
}

/** Whatever is not reserved is a frame that can be handed out, and so is every block; to be called by one processor. */
export function fillPools(): void {
  const page = information.pageBytes;
  const end = changetype<u32>(information) & ~(page - 1);
  frames.random = shuffle;
  for (let frame = (reserved() + page - 1) & ~(page - 1); frame < end; frame += page) frames.give(frame);
  if (mostFrames > 0) for (let block: u32 = 0; block < deviceOf(secondDisk).blocks; block++) blocks.give(block);
}

/** Of one process. */
export function reserveResidents(process: Process): void {
  process.residentList = reserve(mostFrames * 4);
  process.random = shuffle + process.number;
}

/** The process's memory holds what its image says: those pages are on the first disk. */
export function findData(process: Process): void {
  const image = process.image;
  for (let i: u32 = 0; i < image.dataCount; i++) {
    const run = changetype<DataInformation>(image.data + i * offsetof<DataInformation>());
    for (let k: u32 = 0; k < run.pages; k++) {
      const at = entryOf(process, run.page + k, true);
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
  const at = entryOf(process, page, true);
  if (at == 0) kill(process, "out of memory");
  store<u32>(at, VALID);
  return VALID;
}

/** The entry of a page of the process's memory, which has a frame from now on; 0 if its memory has no such page. */
function residentEntry(process: Process, page: u32): u32 {
  if (page >= process.memoryPages * (WASM_PAGE / information.pageBytes)) return 0;
  const at = entryOf(process, page, true);
  if (at == 0) kill(process, "out of memory");
  const entry = load<u32>(at);
  if (entry & VALID) return entry;
  const frame = frameFor(process, page);
  if (entry == 0) {
    memory.fill(frame, 0, information.pageBytes);
  } else {
    const block = entry >> BLOCK_SHIFT;
    transfer(entry & SWAPPED ? secondDisk : firstDisk, Command.Read, block, frame);
    if (entry & SWAPPED) blocks.give(block);
  }
  const resident = frame | VALID | WRITABLE;
  store<u32>(at, resident);
  return resident;
}

/** A frame for a page of the process. */
function frameFor(process: Process, page: u32): u32 {
  if (mostFrames > 0) {
    let slot = process.residents;
    if (slot < mostFrames) process.residents++;
    else slot = evict(process);
    store<u32>(process.residentList + 4 * slot, page);
  }
  const frame = frames.take();
  if (frame == NONE) kill(process, "out of memory");
  return frame;
}

/** A page of the process loses its frame; its slot in the list of those that have one. */
function evict(process: Process): u32 {
  const slot = random(changetype<usize>(process) + offsetof<Process>("random"), mostFrames);
  const page = load<u32>(process.residentList + 4 * slot);
  const at = entryOf(process, page, false);
  const frame = frameOf(load<u32>(at));
  const block = blocks.take();
  if (block == NONE) kill(process, "out of blocks of the second disk");
  store<u32>(at, (block << BLOCK_SHIFT) | SWAPPED | ON_DISK);
  write_translation(process.space, page, 0);
  transfer(secondDisk, Command.Write, block, frame);
  frames.give(frame);
  return slot;
}

/** All that the process has in memory and on the second disk is free. */
export function freeMemory(process: Process): void {
  const image = process.image;
  freePages(process, 0, process.memoryPages * (WASM_PAGE / information.pageBytes), (entry) => {
    if (entry & VALID) frames.give(frameOf(entry));
    else if (entry & SWAPPED) blocks.give(entry >> BLOCK_SHIFT);
  });
  freePages(process, image.codePage, image.codePages, () => {});
}
