/**
 * Only with `frames=N`, which shows pages that come and go: a process that has N pages in memory loses one for the next, which
 * is chosen at random and written to the second disk.
 *
 *     residents of a process: | page | page | ... |        as many as there are, then room for N
 *
 * A process takes frames from nobody but itself, so no other processor has to drop a translation.
 */

import { Failure } from "../../failure";
import { fail } from "../../machine";
import { Command, Device, write_translation } from "../../privileged";
import { random } from "../../random";
import { BLOCK_SHIFT, entryOf, frameOf, frames, ON_DISK, SWAPPED } from "../../vm/page-table";
import { deviceOf, findDevice, NONE, reserve } from "../../vm/physical";
import { Pool } from "../../vm/pool";
import { frames as most, shuffle } from "./arguments";
import { kill } from "./exit";
import { Process } from "./process";
import { transfer } from "./scheduler";

const PAGE_BYTES: u32 = 4;

let disk: u32 = 0;
/** Those of the disk that are free. */
let blocks: Pool = changetype<Pool>(0);

export function reserveBlocks(): void {
  if (most == 0) return;
  disk = findDevice(Device.Disk, 1);
  if (disk == NONE) fail(Failure.NoSecondDisk);
  blocks = Pool.reserve(deviceOf(disk).blocks);
}

/** To be called by one processor. */
export function fillBlocks(): void {
  if (most == 0) return;
  for (let block: u32 = 0; block < deviceOf(disk).blocks; block++) blocks.give(block);
}

export function reserveResidents(process: Process): void {
  process.residentList = reserve(most * PAGE_BYTES);
  process.random = shuffle + process.number;
}

/** A page of the process is about to get a frame; with as many as it may have, another one loses its own before. */
export function admit(process: Process, page: u32): void {
  if (most == 0) return;
  let slot = process.residents;
  if (slot < most) {
    process.residents++;
  } else {
    slot = random(changetype<usize>(process) + offsetof<Process>("random"), most);
    evict(process, load<u32>(process.residentList + slot * PAGE_BYTES));
  }
  store<u32>(process.residentList + slot * PAGE_BYTES, page);
}

function evict(process: Process, page: u32): void {
  const block = blocks.take();
  if (block == NONE) kill(process, "out of blocks of the second disk");
  const at = entryOf(process.root, page, false);
  const frame = frameOf(load<u32>(at));
  store<u32>(at, (block << BLOCK_SHIFT) | SWAPPED | ON_DISK);
  write_translation(process.space, page, 0);
  transfer(disk, Command.Write, block, frame);
  frames.give(frame);
}

/** Reads a page that was evicted into a frame. */
export function bringBack(block: u32, frame: u32): void {
  transfer(disk, Command.Read, block, frame);
  blocks.give(block);
}

/** A page that was evicted is needed no more. */
export function freeBlock(block: u32): void {
  blocks.give(block);
}
