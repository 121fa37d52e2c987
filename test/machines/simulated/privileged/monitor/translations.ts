/**
 * The guest's translations. Its kernel's pages are guest-physical memory; its programs' are what it writes to the TLB, or, on
 * machines that walk, what its tables say: a miss of the machine's walk of the shadow tables is answered from those. The
 * shadow is to the guest as its TLB: what it drops there is dropped here, and its tables have their bits set as by a walk.
 *
 * Where spaces have numbers the guest's kernel has 0, and a space of the guest's the next number. A global translation is
 * written for one space, and another one's miss writes it again.
 */
import { fail } from "../../../../../kernel/machine";
import {
  ACCESSED,
  Access,
  Cause,
  DIRTY,
  drop_translations,
  GLOBAL,
  set_processor,
  set_space,
  VALID,
  WRITABLE,
  write_translation,
} from "../../../../../kernel/privileged";
import { Failure } from "./failure";
import { information, physical } from "./memory";
import { forgetAll, rootOf, setEntry, tablesOf } from "./tables";
import { Noted, note } from "./trace";
import { here } from "./virtual-processor";

const KERNEL_SPACE: u32 = 0;
/** What `shadow` answers instead of a cause. */
export const ANSWERED: u32 = 0xffffffff;

/** Spaces that have had global translations are below this one. */
let globals: u32 = 0;

export function beginTranslations(): void {
  here.kernelTables = tablesOf(2 * here.index);
  here.shadowTables = tablesOf(2 * here.index + 1);
}

/** How many spaces the guest has. */
export function guestSpaces(): u32 {
  return information.walks || information.spaces == 1 ? 1 : information.spaces - 1;
}

function ownSpace(space: u32): u32 {
  if (space >= guestSpaces()) fail(Failure.GuestArgument);
  return information.spaces == 1 ? 0 : space + 1;
}

/** The processor gets the registers of the guest's mode. */
export function loadMode(): void {
  if (here.user) {
    set_space(ownSpace(here.space), information.walks ? rootOf(here.shadowTables) : 0);
    set_processor(here.number, here.count);
  } else {
    set_space(KERNEL_SPACE, information.walks ? rootOf(here.kernelTables) : 0);
    set_processor(here.index, information.processors);
  }
}

/** A page of the guest's kernel that it has not, or not any more. */
export function mapKernel(page: u32, access: u32): void {
  const code = access == Access.Execute;
  const entry = code ? VALID : physical(page * information.pageBytes) | VALID | WRITABLE;
  if (information.walks) setEntry(here.kernelTables, page, entry);
  else write_translation(KERNEL_SPACE, page, entry);
}

/** The guest sets its space. Where that drops translations, it does so here. */
export function setSpace(space: u32, root: u32): void {
  ownSpace(space);
  here.space = space;
  here.root = root;
  if (guestSpaces() == 1) dropSpace(space);
}

export function dropSpace(space: u32): void {
  drop_translations(ownSpace(space));
  if (information.walks) forgetAll(here.shadowTables);
}

export function writeTranslation(space: u32, page: u32, entry: u32): void {
  const own = ownSpace(space);
  if (entry) {
    if (information.walks) fail(Failure.GuestArgument);
    if (entry & GLOBAL) globals = max(globals, space + 1);
    write_translation(own, page, translated(entry) & ~GLOBAL);
    return;
  }
  if (information.walks) setEntry(here.shadowTables, page, 0);
  write_translation(own, page, 0);
  for (let other: u32 = 0; other < globals; other++) write_translation(ownSpace(other), page, 0);
}

/** An entry with a frame of the guest's, as it is for the machine. */
function translated(entry: u32): u32 {
  const within = information.pageBytes - 1;
  return physical(entry & ~within) | (entry & within);
}

/** On machines that walk: what the guest's tables make of a page that the shadow lacks. The cause of a trap, or ANSWERED. */
export function shadow(page: u32, access: u32): u32 {
  const perTable = information.pageBytes / 4;
  const table = load<u32>(physical(here.root + 4 * (page / perTable)));
  if (!(table & VALID)) return Cause.TRANSLATION_MISS;
  const at = physical((table & ~(information.pageBytes - 1)) + 4 * (page % perTable));
  let entry = load<u32>(at);
  if (!(entry & VALID)) return Cause.TRANSLATION_MISS;
  const writes = access == Access.Write;
  if (writes && !(entry & WRITABLE)) return Cause.READ_ONLY;
  entry |= ACCESSED | (writes ? DIRTY : 0);
  store<u32>(at, entry);
  // The first write has to come here, so that it is seen in the guest's tables.
  setEntry(here.shadowTables, page, translated(entry) & (entry & DIRTY ? ~GLOBAL : ~(GLOBAL | WRITABLE)));
  write_translation(ownSpace(here.space), page, 0);
  note(Noted.Shadowed, page);
  return ANSWERED;
}
