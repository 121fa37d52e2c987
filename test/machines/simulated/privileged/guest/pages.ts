/**
 * The guest's pages: of each space, which frame a page has, and on machines that walk the tables of that. Nothing is taken
 * away but by `drop`.
 *
 *     FRAMES_OF:  by space and page | frame's address | VALID, WRITABLE |
 *     ROOTS:      by space, tables' addresses         TABLES: the tables        POOL: frames
 */
import { DataInformation, ImageInformation, Information } from "../../../../../kernel/information";
import {
  ACCESSED,
  Access,
  DIRTY,
  drop_translations,
  GLOBAL,
  set_space,
  VALID,
  WRITABLE,
  write_translation,
} from "../../../../../kernel/privileged";
import { read } from "./devices";
import { countCause, numbers } from "./log";

const FRAMES_OF: usize = 0x40000;
const PAGES: u32 = 256;
const ROOTS: u32 = 0x80000;
const ROOT_BYTES: u32 = 0x4000;
const TABLES: u32 = 0xa0000;
const POOL: u32 = 0x100000;
/** Words that all processors share: the next table, and the next frame. */
const NEXT: usize = 0x31000;

let information: Information = changetype<Information>(0);
/** The space of user mode on this processor: which pages, not the register's number. */
let space: u32 = 0;

export function beginPages(address: u32): void {
  information = changetype<Information>(address);
}

export function useSpace(number: u32): void {
  space = number;
  set_space(registerOf(number), information.walks ? ROOTS + number * ROOT_BYTES : 0);
}

function registerOf(number: u32): u32 {
  return information.spaces == 1 ? 0 : number;
}

function take(which: u32, first: u32): u32 {
  return first + atomic.add<u32>(NEXT + 4 * which, information.pageBytes);
}

/** Says what translates a page of the present space from now on; nothing if `entry` is 0. */
function map(page: u32, entry: u32): void {
  if (!information.walks) {
    write_translation(registerOf(space), page, entry);
    return;
  }
  store<u32>(entryAt(page), entry);
  write_translation(registerOf(space), page, 0);
}

function entryAt(page: u32): usize {
  const perTable = information.pageBytes / 4;
  const slot = ROOTS + space * ROOT_BYTES + 4 * (page / perTable);
  if (!load<u32>(slot)) store<u32>(slot, take(0, TABLES) | VALID);
  return (load<u32>(slot) & ~(information.pageBytes - 1)) + 4 * (page % perTable);
}

function frameAt(page: u32): usize {
  return FRAMES_OF + 4 * (space * PAGES + page);
}

/** The handler of TRANSLATION_MISS. */
export function miss(page: u32, access: u32): void {
  if (access == Access.Execute) {
    map(page, VALID);
    return;
  }
  const at = frameAt(page);
  if (!load<u32>(at)) {
    countCause(0);
    numbers("miss", page, access);
    const frame = take(1, POOL);
    readData(page, frame);
    store<u32>(at, frame | VALID | (access == Access.Write ? WRITABLE : 0));
  }
  map(page, load<u32>(at));
}

/** The handler of READ_ONLY. */
export function makeWritable(page: u32): void {
  store<u32>(frameAt(page), load<u32>(frameAt(page)) | WRITABLE);
  map(page, load<u32>(frameAt(page)));
}

/** What machines that walk have set in the table. */
export function noteBits(page: u32): void {
  if (information.walks) numbers("bits", page, load<u32>(entryAt(page)) & (ACCESSED | DIRTY));
}

export function drop(page: u32): void {
  noteBits(page);
  store<u32>(frameAt(page), 0);
  map(page, 0);
}

/** The same of several pages, without a word to the processor of each. */
export function dropAll(first: u32, count: u32): void {
  for (let page = first; page < first + count; page++) {
    noteBits(page);
    store<u32>(frameAt(page), 0);
    if (information.walks) store<u32>(entryAt(page), 0);
  }
  drop_translations(registerOf(space));
}

/** A page of spaces 1 and 2 has another frame from now on, with a word, by a translation of all spaces. The present one is 2. */
export function share(page: u32, word: u32): void {
  const frame = take(1, POOL);
  store<u32>(frame, word);
  for (let number: u32 = 1; number <= 2; number++) {
    useSpace(number);
    store<u32>(frameAt(page), frame | VALID | WRITABLE | GLOBAL);
    if (information.walks) store<u32>(entryAt(page), load<u32>(frameAt(page)));
  }
  write_translation(registerOf(space), page, 0);
}

/** Copies the pages of the present space to another one. */
export function copySpace(to: u32): void {
  for (let page: u32 = 0; page < PAGES; page++) {
    const entry = load<u32>(frameAt(page));
    if (!entry) continue;
    const frame = take(1, POOL);
    memory.copy(frame, entry & ~(information.pageBytes - 1), information.pageBytes);
    store<u32>(FRAMES_OF + 4 * (to * PAGES + page), frame | VALID | WRITABLE);
  }
}

/** Sets a word of the present space. */
export function setWord(address: u32, value: u32): void {
  const frame = load<u32>(frameAt(address / information.pageBytes)) & ~(information.pageBytes - 1);
  atomic.store<u32>(frame + (address % information.pageBytes), value);
}

/** What a page holds at first. */
function readData(page: u32, frame: u32): void {
  const image = changetype<ImageInformation>(information.images + offsetof<ImageInformation>());
  for (let i: u32 = 0; i < image.dataCount; i++) {
    const run = changetype<DataInformation>(image.data + i * offsetof<DataInformation>());
    if (page - run.page < run.pages) read(run.block + page - run.page, frame);
  }
}
