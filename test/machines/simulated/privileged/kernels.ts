import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import asc from "assemblyscript/asc";
import { createProgram, type Program } from "#machines/program/program.js";

const ROOT = new URL("../../../../", import.meta.url);
const KERNEL = new URL("kernel/", ROOT);

/** A kernel in AssemblyScript, which finds beside it what kernel/ has: "./privileged", "./information", "./machine". */
export function compileKernel(source: string): Promise<Program> {
  return compile("kernel.ts", (name) =>
    name === "kernel.ts" ? Promise.resolve(source) : readFile(new URL(name, KERNEL), "utf8"),
  );
}

/**
 * A kernel or a program in files of AssemblyScript, of which the first one is named by its path from the repository.
 *
 * @param change what is compiled of a file, by its path and its text
 */
export function compileFile(path: string, change = (_: string, text: string): string => text): Promise<Program> {
  return compile(path, async (name) => change(name, await readFile(new URL(name, ROOT), "utf8")));
}

async function compile(path: string, read: (name: string) => Promise<string>): Promise<Program> {
  const name = `${basename(path, ".ts")}.wasm`;
  let binary: Uint8Array | undefined;
  let text = "";
  const { error } = await asc.main(
    [
      ...[path, "-o", name, "-O3", "--noAssert", "--runtime", "stub", "--debug", "--exportTable"],
      ...[
        "--importMemory",
        "--sharedMemory",
        "--initialMemory",
        "2",
        "--maximumMemory",
        "65536",
        "--enable",
        "threads",
      ],
    ],
    {
      readFile: (name) => read(name).catch(() => null),
      writeFile: (written, contents) => {
        if (written === name) binary = contents as Uint8Array;
      },
      listFiles: () => [],
      stderr: {
        write: (chunk: string | Uint8Array) => {
          text += chunk;
          return true;
        },
      } as never,
    },
  );
  if (error || binary === undefined) throw new Error(text, { cause: error });
  return createProgram(name, new Uint8Array(binary));
}

/**
 * Executes the functions of image 1 whose names begin with d, one after the other, in pages that it has only a few frames
 * for: each miss takes one at random, whose page goes to where pages are kept. Of the arguments' first three bytes: frames,
 * cycles between two interrupts of the timer (400 and sixteen times that), and what chance begins with.
 */
export const PAGING = `
import {
  abandon, call, create_instance, enable_interrupts, idle, io, set_processor, set_space, set_timer, write_translation,
} from "./privileged/machine";
import { Access, Cause, Command, Fault, Interrupt, VALID, WRITABLE } from "./privileged";
import { DataInformation, ExportInformation, ImageInformation, Information } from "./information";
import { processor } from "./machine";

const SPACE: u32 = 0;
const MOST: u32 = 3 * 65536;
/** By page: its frame's address; 0 for none. */
const FRAMES_OF: u32 = 0x20000;
/** Whether the page may be written: only after it was, the first time. */
const WRITTEN: u32 = 0x40000;
const OWNERS: u32 = 0x60000;
const STATUSES: u32 = 0x70000;
const POOL: u32 = 0x80000;
const KEPT: u32 = 0x100000;
const ROOT: u32 = 0x200000;
const TABLES: u32 = 0x280000;
export const KEPT_AT: u32 = KEPT;
export const STATUSES_AT: u32 = STATUSES;

let pageBytes: u32;
let walks: bool;
let frames: u32;
let period: u32;
let chance: u32;
let pages: u32 = 1;
let codePage: u32;
let codePages: u32;
let nextTable: u32 = TABLES;

function random(bound: u32): u32 {
  chance ^= chance << 13;
  chance ^= chance >>> 17;
  chance ^= chance << 5;
  return chance % bound;
}

function map(page: u32, entry: u32): void {
  if (!walks) {
    write_translation(SPACE, page, entry);
    return;
  }
  const perTable = pageBytes / 4;
  const at = ROOT + 4 * (page / perTable);
  if (!load<u32>(at)) {
    memory.fill(nextTable, 0, pageBytes);
    store<u32>(at, nextTable | VALID);
    nextTable += pageBytes;
  }
  store<u32>((load<u32>(at) & ~(pageBytes - 1)) + 4 * (page % perTable), entry);
  write_translation(SPACE, page, 0);
}

function evict(frame: u32): void {
  const owner = load<u32>(OWNERS + 4 * frame);
  if (!owner) return;
  map(owner - 1, 0);
  memory.copy(KEPT + (owner - 1) * pageBytes, POOL + frame * pageBytes, pageBytes);
  store<u32>(FRAMES_OF + 4 * (owner - 1), 0);
  store<u32>(OWNERS + 4 * frame, 0);
}

export function boot(address: u32): void {
  if (processor()) while (true) idle();
  const information = changetype<Information>(address);
  pageBytes = information.pageBytes;
  walks = information.walks != 0;
  frames = load<u8>(information.arguments);
  period = 400 + 16 * load<u8>(information.arguments, 1);
  chance = load<u8>(information.arguments, 2) + 1;
  const image = changetype<ImageInformation>(information.images + offsetof<ImageInformation>());
  pages = image.memoryPages;
  codePage = image.codePage;
  store<u32>(STATUSES - 4, 77);
  codePages = image.codePages;
  set_space(SPACE, ROOT);
  set_processor(0, 1);
  for (let i: u32 = 0; i < image.dataCount; i++) {
    const run = changetype<DataInformation>(image.data + i * offsetof<DataInformation>());
    for (let page: u32 = 0; page < run.pages; page++) read(run.block + page, KEPT + (run.page + page) * pageBytes);
  }
  const instance = create_instance(1, 0);
  set_timer(period);
  let done: u32 = 0;
  for (let i: u32 = 0; i < image.exportCount; i++) {
    const entry = changetype<ExportInformation>(image.exports + i * offsetof<ExportInformation>());
    if (load<u8>(entry.name) != 0x64) continue;
    store<u32>(STATUSES + 4 * done++, 1 + call(instance, entry.index, 0, 0, 0, 0, 0, 0));
  }
  for (let frame: u32 = 0; frame < frames; frame++) evict(frame);
  io(0, Command.Write, pages, 0);
  while (true) idle();
}

/** Reads a block of the boot disk, the machine's device 2, to where a page is kept. */
function read(block: u32, to: u32): void {
  io(2, Command.Read, block, to);
  idle();
  // The request's end is taken here.
  enable_interrupts(true);
  enable_interrupts(false);
}

function place(page: u32, write: bool): void {
  if (page >= pages * (65536 / pageBytes)) abandon(100 + Fault.First + 4);
  let at = load<u32>(FRAMES_OF + 4 * page);
  if (!at) {
    const frame = random(frames);
    evict(frame);
    at = POOL + frame * pageBytes;
    memory.copy(at, KEPT + page * pageBytes, pageBytes);
    store<u32>(OWNERS + 4 * frame, page + 1);
    store<u32>(FRAMES_OF + 4 * page, at);
  }
  if (write) store<u8>(WRITTEN + page, 1);
  map(page, at | VALID | (load<u8>(WRITTEN + page) ? WRITABLE : 0));
}

export function handle_trap(cause: Cause, number: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  switch (cause) {
    case Cause.TRANSLATION_MISS:
      if (a == Access.Execute) map(number, VALID);
      else place(number, a == Access.Write);
      // The kernel's last result is not 0, in case that the program gets it.
      atomic.load<u32>(STATUSES - 4);
      return 0;
    case Cause.READ_ONLY:
      place(number, true);
      return 0;
    case Cause.SIZE:
      return pages;
    case Cause.GROW: {
      const before = pages;
      if (number > 3 - pages) return -1;
      pages += number;
      return before;
    }
    case Cause.FAULT:
      abandon(100 + number);
    case Cause.NOTIFY:
      place(a / pageBytes, false);
      return 0;
    case Cause.WAIT: {
      // Nobody else is there: what is waited for long times out.
      const page = a / pageBytes;
      place(page, false);
      const at = load<u32>(FRAMES_OF + 4 * page) + a % pageBytes;
      const equal = number == 4 ? load<u32>(at) == b : load<u32>(at) == b && load<u32>(at, 4) == c;
      return equal ? 2 : 1;
    }
    default:
      // The result comes after a miss of the code.
      for (let page: u32 = 0; page < codePages; page++) if (!random(2)) map(codePage + page, 0);
      return 0;
  }
}

export function handle_interrupt(number: u32, word: u32): void {
  if (number != Interrupt.Timer) return;
  // Now and then: a page that each interrupt takes away would be of no use.
  if (!random(4)) evict(random(frames));
  set_timer(period);
}
`;
