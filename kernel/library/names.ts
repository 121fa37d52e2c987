/**
 * Names: a directory from names to objects of the space, by which workers find what nobody passed to them.
 *
 *     NAMES | guard: 16 bytes | ... | by name: 64 lists | by object: 64 lists |
 *     entry | length | object | next by name | next by object | identity of the object | bytes of the name ... |
 *
 * Invariant: outside of guarded sections an entry is in one list of each table or in none, and no two entries have the
 * same name. So of those who bind a name at once, one does, and the others are told its object. Entries are written
 * before they are bound, and freed after they were unbound; who dies between leaks one.
 *
 * An object is named only while its identity is what the caller knows, and who frees it takes its names away after it
 * has changed that: so an object that was freed has no name, or loses it. Who finds an object is told its identity,
 * too, which is read in the same section: whatever lies there later is not taken for it.
 *
 * Hash: Fowler, Noll & Vo's FNV-1a.
 */
import { read } from "../atomics";
import { allocate, release } from "./allocator";
import { isObject } from "./existence";
import { enter, enterToRepair, leave, set } from "./guard";
import { CACHE_LINE, NAMES } from "./space";

const BUCKETS: u32 = 64;
const BY_NAME: usize = NAMES + CACHE_LINE;
const BY_OBJECT: usize = BY_NAME + 4 * BUCKETS;

const length: u32 = 0;
const object: u32 = 4;
const nextByName: u32 = 8;
const nextByObject: u32 = 12;
const identity: u32 = 16;
const bytes: u32 = 20;

/** The identity of what `find` or `bind` returned last. */
export let namedIdentity: u32 = 0;

/** The object that has a name, 0 for none. */
export function find(name: usize, nameLength: u32): usize {
  enter(NAMES, NAMES);
  const found = tell(entryOf(name, nameLength));
  leave(NAMES);
  return found;
}

/** Result of `bind`: the object was freed. No object is there. */
export const GONE: usize = 1;

/** Names an object, unless another has the name; returns the one that has it then, 0 if there is no room; or GONE. */
export function bind(name: usize, nameLength: u32, named: usize, namedAs: u32): usize {
  const entry = allocate(bytes + nameLength);
  if (entry == 0) return 0;
  store<u32>(entry + object, <u32>named);
  store<u32>(entry + identity, namedAs);
  store<u32>(entry + length, nameLength);
  memory.copy(entry + bytes, name, nameLength);
  enter(NAMES, NAMES);
  const former = entryOf(name, nameLength);
  // Who frees that object takes the name away, but may have died.
  const before = tell(former);
  const binds = before == 0 && isObject(named, namedAs);
  if (former != 0 && binds) {
    unlink(listOfName(name, nameLength), former, nextByName);
    unlink(listOfObject(objectOf(former)), former, nextByObject);
  }
  if (binds) {
    namedIdentity = namedAs;
    link(listOfName(name, nameLength), entry, nextByName);
    link(listOfObject(named), entry, nextByObject);
  }
  leave(NAMES);
  if (binds) {
    if (former != 0) release(former);
    return named;
  }
  release(entry);
  return before == 0 ? GONE : before;
}

/**
 * Takes all its names from an object. To be called before it is freed. False, of the guardian only: to be done again.
 */
export function unbind(named: usize): bool {
  const list = listOfObject(named);
  while (read(list) != 0) {
    if (!enterToRepair(NAMES, NAMES)) return false;
    let entry = read(list);
    while (entry != 0 && objectOf(entry) != named) entry = read(entry + nextByObject);
    if (entry != 0) {
      unlink(list, entry, nextByObject);
      unlink(listOfName(entry + bytes, load<u32>(entry + length)), entry, nextByName);
    }
    leave(NAMES);
    if (entry == 0) return true;
    release(entry);
  }
  return true;
}

function objectOf(entry: usize): usize {
  return load<u32>(entry + object);
}

/** The object of an entry, 0 for none, or if it was freed; and its identity. */
function tell(entry: usize): usize {
  if (entry == 0) return 0;
  namedIdentity = load<u32>(entry + identity);
  const named: usize = load<u32>(entry + object);
  return isObject(named, namedIdentity) ? named : 0;
}

function entryOf(name: usize, nameLength: u32): usize {
  let entry = read(listOfName(name, nameLength));
  while (entry != 0 && !isNamed(entry, name, nameLength)) entry = read(entry + nextByName);
  return entry;
}

function isNamed(entry: usize, name: usize, nameLength: u32): bool {
  if (load<u32>(entry + length) != nameLength) return false;
  for (let i: u32 = 0; i < nameLength; i++) {
    if (load<u8>(entry + bytes + i) != load<u8>(name + i)) return false;
  }
  return true;
}

function listOfName(name: usize, nameLength: u32): usize {
  let hash: u32 = 0x811c9dc5;
  for (let i: u32 = 0; i < nameLength; i++) hash = (hash ^ load<u8>(name + i)) * 0x01000193;
  return BY_NAME + (hash % BUCKETS) * 4;
}

function listOfObject(named: usize): usize {
  return BY_OBJECT + (<u32>(named / CACHE_LINE) % BUCKETS) * 4;
}

function link(list: usize, entry: usize, next: u32): void {
  set(entry + next, read(list));
  set(list, <u32>entry);
}

function unlink(list: usize, entry: usize, next: u32): void {
  let word = list;
  while (read(word) != <u32>entry) word = read(word) + next;
  set(word, read(entry + next));
}
