/**
 * Domain: a protection domain, one for each image but the kernel's, with that image's number: a space of its own, and the
 * instance whose globals its threads share. It is alive until somebody terminates it; then no call enters it any more.
 *
 *     | alive | number | image | instance | space | root | memory's pages | ... | line: lock |
 *
 * The lock guards the page table: threads of one domain miss pages on several processors. `alive` is written once, by who
 * terminates the domain, under no lock: whoever enters the domain or returns to it reads it.
 */
import { read, write } from "../atomics";
import { Failure } from "../failure";
import { DataInformation, ImageInformation } from "../information";
import * as lock from "../locks/test-and-test-and-set";
import { fail } from "../machine";
import { Access, Command, create_instance, Device, enable_interrupts, idle, io, VALID, WRITABLE } from "../privileged";
import { entryOf, frameOf, frames, reserveRoot } from "../vm/page-table";
import { findDevice, imageOf, information, LINE, NONE, reserve } from "../vm/physical";

const WASM_PAGE: u32 = 65536;

@unmanaged
export class Domain {
  aliveWord: u32;
  number: u32;
  image: ImageInformation;
  instance: u32;
  /** By which the TLB tells its pages from others'. */
  space: u32;
  root: usize;
  /** Each of 64 KiB. */
  memoryPages: u32;

  get alive(): bool {
    return read(changetype<usize>(this) + offsetof<Domain>("aliveWord")) != 0;
  }

  set alive(alive: bool) {
    write(changetype<usize>(this) + offsetof<Domain>("aliveWord"), u32(alive));
  }
}

/** What calls read is not in a line with what misses of pages write. */
const BYTES: u32 = 2 * LINE;

let domains: usize = 0;

/** The same on every processor; before anything that one processor alone reserves. */
export function reserveDomains(): void {
  domains = reserve(information.imageCount * BYTES);
}

export function domainOf(number: u32): Domain {
  return changetype<Domain>(domains + number * BYTES);
}

/** What the domain of an image needs of physical memory, but frames. */
export function reserveDomain(number: u32): void {
  domainOf(number).root = reserveRoot();
}

/** To be called by one processor, with interrupts off: brings the image's data into frames. */
export function createDomain(number: u32): void {
  const domain = domainOf(number);
  domain.number = number;
  domain.image = imageOf(number);
  domain.space = number % information.spaces;
  domain.memoryPages = domain.image.memoryPages;
  domain.instance = create_instance(number, 0);
  domain.alive = true;
  const disk = findDevice(Device.Disk);
  for (let i: u32 = 0; i < domain.image.dataCount; i++) {
    const run = changetype<DataInformation>(domain.image.data + i * offsetof<DataInformation>());
    for (let k: u32 = 0; k < run.pages; k++) {
      const frame = frameOf(residentEntry(domain, run.page + k));
      io(disk, Command.Read, run.block + k, frame);
      idle();
      enable_interrupts(true);
      enable_interrupts(false);
    }
  }
}

/** The entry of a page, which has a frame from now on; 0 if the domain's memory has no such page. */
export function missed(domain: Domain, page: u32, access: u32): u32 {
  if (access != Access.Execute) {
    const present = entryOf(domain.root, page, false);
    const entry = present == 0 ? 0 : load<u32>(present);
    return entry & VALID ? entry : residentEntry(domain, page);
  }
  lock.acquire(changetype<usize>(domain) + LINE, 0);
  const at = entryOf(domain.root, page, true);
  if (at == 0) fail(Failure.OutOfMemory);
  store<u32>(at, VALID);
  lock.release(changetype<usize>(domain) + LINE, 0);
  return VALID;
}

/** The physical address of one of the domain's; 0 if it is out of its memory. */
export function physical(domain: Domain, address: u32): usize {
  const page = information.pageBytes;
  const at = entryOf(domain.root, address / page, false);
  let entry = at == 0 ? 0 : load<u32>(at);
  if (!(entry & VALID)) entry = residentEntry(domain, address / page);
  return entry == 0 ? 0 : (entry & ~(page - 1)) + (address & (page - 1));
}

/** The domain has a page with that entry from now on, beside those of its memory. */
export function map(domain: Domain, page: u32, entry: u32): void {
  lock.acquire(changetype<usize>(domain) + LINE, 0);
  const at = entryOf(domain.root, page, true);
  if (at == 0) fail(Failure.OutOfMemory);
  store<u32>(at, entry);
  lock.release(changetype<usize>(domain) + LINE, 0);
}

function residentEntry(domain: Domain, page: u32): u32 {
  if (page >= domain.memoryPages * (WASM_PAGE / information.pageBytes)) return 0;
  lock.acquire(changetype<usize>(domain) + LINE, 0);
  const at = entryOf(domain.root, page, true);
  if (at == 0) fail(Failure.OutOfMemory);
  let entry = load<u32>(at);
  if (!(entry & VALID)) {
    const frame = frames.take();
    if (frame == NONE) fail(Failure.OutOfMemory);
    memory.fill(frame, 0, information.pageBytes);
    entry = frame | VALID | WRITABLE;
    store<u32>(at, entry);
  }
  lock.release(changetype<usize>(domain) + LINE, 0);
  return entry;
}
