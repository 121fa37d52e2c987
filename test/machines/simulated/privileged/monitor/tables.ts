/**
 * Tables of two levels for machines that walk, from a pool of leaves of their own: when that is used up, all are forgotten,
 * as a TLB may.
 *
 *     | next leaf | root ... | leaf | leaf | ... |
 */
import { VALID } from "../../../../../kernel/privileged";
import { information, TABLES } from "./memory";

const BYTES: u32 = 0x10000;
/** Of the root, whose frame begins after one for the next leaf's address. */
const ROOT_PAGES: u32 = 2;

export function tablesOf(index: u32): u32 {
  const tables = TABLES + index * BYTES;
  forgetAll(tables);
  return tables;
}

export function rootOf(tables: u32): u32 {
  return tables + information.pageBytes;
}

export function forgetAll(tables: u32): void {
  memory.fill(rootOf(tables), 0, ROOT_PAGES * information.pageBytes);
  store<u32>(tables, rootOf(tables) + ROOT_PAGES * information.pageBytes);
}

export function setEntry(tables: u32, page: u32, entry: u32): void {
  const perTable = information.pageBytes / 4;
  const slot = rootOf(tables) + 4 * (page / perTable);
  if (!load<u32>(slot)) {
    if (!entry) return;
    let leaf = load<u32>(tables);
    if (leaf == tables + BYTES) {
      forgetAll(tables);
      leaf = load<u32>(tables);
    }
    memory.fill(leaf, 0, information.pageBytes);
    store<u32>(tables, leaf + information.pageBytes);
    store<u32>(slot, leaf | VALID);
  }
  store<u32>((load<u32>(slot) & ~(information.pageBytes - 1)) + 4 * (page % perTable), entry);
}
