/**
 * Tables of two levels for machines that walk, of pages of user mode, with a few leaves of their own: when those are used
 * up, all are forgotten, as a TLB may.
 *
 *     | leaves in use | by leaf: its slot in the root ... | leaf | leaf | ... | root ... |
 *     |                   one frame                       | LEAVES frames    |
 */
import { ImageInformation } from "../../../../../kernel/information";
import { VALID } from "../../../../../kernel/privileged";
import { information, TABLES } from "./memory";

const LEAVES: u32 = 30;

function perTable(): u32 {
  return information.pageBytes / 4;
}

/** Bytes of tables, which code has the last pages of. */
function bytes(): u32 {
  const last = information.images + (information.imageCount - 1) * offsetof<ImageInformation>();
  const image = changetype<ImageInformation>(last);
  const frames = (image.codePage + image.codePages) / perTable() / perTable() + 1;
  return (1 + LEAVES + frames) * information.pageBytes;
}

export function tablesOf(index: u32): u32 {
  return TABLES + index * bytes();
}

export function rootOf(tables: u32): u32 {
  return tables + (1 + LEAVES) * information.pageBytes;
}

export function forgetAll(tables: u32): void {
  const used = load<u32>(tables);
  for (let leaf: u32 = 1; leaf <= used; leaf++) store<u32>(load<u32>(tables + 4 * leaf), 0);
  store<u32>(tables, 0);
}

export function setEntry(tables: u32, page: u32, entry: u32): void {
  const slot = rootOf(tables) + 4 * (page / perTable());
  if (!load<u32>(slot)) {
    if (!entry) return;
    if (load<u32>(tables) == LEAVES) forgetAll(tables);
    const leaf = load<u32>(tables) + 1;
    const frame = tables + leaf * information.pageBytes;
    memory.fill(frame, 0, information.pageBytes);
    store<u32>(tables, leaf);
    store<u32>(tables + 4 * leaf, slot);
    store<u32>(slot, frame | VALID);
  }
  store<u32>((load<u32>(slot) & ~(information.pageBytes - 1)) + 4 * (page % perTable()), entry);
}
