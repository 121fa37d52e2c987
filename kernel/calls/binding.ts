/**
 * Binding: the right of a client's domain to call the procedures of a server's. The client has a number; the object is the
 * kernel's, so that it cannot be forged: a number is right if the object that it names has it, and belongs to who calls.
 *
 *     number:    | REMOTE | check | index |         not the same for two bindings
 *     object:    | number | client | server | what its number was | procedures | descriptor 0 | ... |
 *     descriptor:  | function | first A-stack | shift | how many | first linkage | late ones |
 *     late ones:   | first A-stack | how many | first linkage | next |
 *
 * A-stacks have one array for all procedures whose A-stacks are as long, with as many as the one of them that has most. So
 * does the range check. Those that a client asks for when it has run out are not in it, and are looked for one after the other.
 *
 * Revoked, an object has the number 0, which no client's is. An index is not used again: what a call has validated stays.
 * Who has validated it just before may still enter the domain: the interrupt that comes with the domain's end finds it there.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, sections 3.1, 5.2 and 5.3
 */
import { read, write } from "../atomics";
import * as locks from "../locks/test-and-test-and-set";
import { VALID, WRITABLE } from "../privileged";
import { frames } from "../vm/page-table";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { A_STACKS, BINDING_SHIFT, LATE_STACKS } from "./a-stacks";
import { copyOut } from "./copying";
import { Domain, domainOf, map } from "./domain";
import { Exported, Interface, interfaceOf, isReady, MOST_PROCEDURES, withdraw } from "./interfaces";
import { LINKAGE_SHIFT, Linkage } from "./linkage";
import { CallError } from "./numbers";

@unmanaged
class Late {
  first: u32;
  count: u32;
  linkages: usize;
  next: Late | null;
}

@unmanaged
export class Descriptor {
  entry: u32;
  first: u32;
  shift: u32;
  count: u32;
  linkages: usize;
  lateWord: u32;

  /** Written by who has the lock, read without it. */
  get late(): Late | null {
    return changetype<Late | null>(<usize>read(changetype<usize>(this) + offsetof<Descriptor>("lateWord")));
  }

  set late(area: Late | null) {
    write(changetype<usize>(this) + offsetof<Descriptor>("lateWord"), changetype<u32>(area));
  }
}

@unmanaged
export class Binding {
  numberWord: u32;
  client: Domain;
  server: Domain;
  was: u32;
  procedures: u32;
  /** Pages that are mapped. */
  pages: u32;

  get number(): u32 {
    return read(changetype<usize>(this));
  }

  procedure(i: u32): Descriptor {
    return changetype<Descriptor>(changetype<usize>(this) + HEAD + i * offsetof<Descriptor>());
  }
}

const HEAD: u32 = 32;
const BINDING_BYTES: u32 = 256;
const MOST_BINDINGS: u32 = 64;
const INDEX_BITS: u32 = 8;
/** How often late ones come: to all bindings, and to procedures that share A-stacks. */
const MOST_LATE: u32 = 32;
const MOST_LATE_EACH: u32 = 4;
const LINKAGES: u32 = 1024;
/** What a client is told of a procedure: first A-stack, how many, bytes. */
const TOLD: u32 = 12;

/** What is shared: a lock, how many bindings, late ones and linkages there are, and what is told. */
@unmanaged
class State {
  lock: u32;
  bindings: u32;
  late: u32;
  linkages: u32;
}

let state: State = changetype<State>(0);
let bindings: usize = 0;
let late: usize = 0;
let linkages: usize = 0;

/** The same on every processor. */
export function reserveBindings(): void {
  state = changetype<State>(reserve(LINE + 8 + MOST_PROCEDURES * TOLD));
  bindings = reserve(MOST_BINDINGS * BINDING_BYTES, BINDING_BYTES);
  late = reserve(MOST_LATE * offsetof<Late>());
  linkages = reserve(LINKAGES << LINKAGE_SHIFT);
}

/** The object that a number names, whose it may not be; any number names one. */
export function bindingOf(number: u32): Binding {
  return changetype<Binding>(bindings + (number & (MOST_BINDINGS - 1)) * BINDING_BYTES);
}

/** Why a number is not that of a client's binding. */
export function refusal(binding: Binding, number: u32, client: Domain): u32 {
  return number != 0 && binding.was == number && binding.client === client
    ? CallError.CallFailed
    : CallError.BadBinding;
}

/** The linkage of an A-stack of a procedure's; null if there is none. */
export function linkageOf(descriptor: Descriptor, aStack: u32): Linkage | null {
  const at = aStack - descriptor.first;
  const i = at >> descriptor.shift;
  if (i < descriptor.count && i << descriptor.shift == at) {
    return changetype<Linkage>(descriptor.linkages + (i << LINKAGE_SHIFT));
  }
  return lateLinkage(descriptor, aStack);
}

/** The same of those that came late. */
function lateLinkage(descriptor: Descriptor, aStack: u32): Linkage | null {
  for (let one = descriptor.late; one !== null; ) {
    const at = aStack - one.first;
    const i = at >> descriptor.shift;
    if (i < one.count && i << descriptor.shift == at) return changetype<Linkage>(one.linkages + (i << LINKAGE_SHIFT));
    const next = one.next;
    one = next;
  }
  return null;
}

/**
 * The client's trap: a binding to a server. Its number, which is told how to use it at an address of the client's:
 *
 *     | number | procedures | first A-stack | how many | bytes | of the next procedure ... |
 *
 * Or a `CallError`, and NotExported until the server's clerk has exported its interface.
 */
export function bind(client: Domain, number: u32, told: u32): u32 {
  if (number - 1 >= information.imageCount - 1 || number == client.number) return CallError.BadBinding;
  const server = domainOf(number);
  const exported = interfaceOf(number);
  if (!server.alive) return CallError.CallFailed;
  locks.acquire(changetype<usize>(state), 0);
  const result = bindLocked(client, server, exported, told);
  locks.release(changetype<usize>(state), 0);
  return result;
}

function bindLocked(client: Domain, server: Domain, exported: Interface, told: u32): u32 {
  // Under the lock: a domain that ends is not bound to after its bindings are revoked.
  if (!isReady(exported)) return CallError.NotExported;
  const index = state.bindings;
  if (index == MOST_BINDINGS) return CallError.TooManyCalls;
  const binding = bindingOf(index);
  binding.client = client;
  binding.server = server;
  binding.procedures = exported.procedures;
  const words = changetype<usize>(state) + LINE;
  for (let i: u32 = 0; i < exported.procedures; i++) {
    const one = exported.procedure(i);
    const descriptor = binding.procedure(i);
    descriptor.entry = one.entry;
    const before = alike(exported, i);
    if (before < i) {
      const other = binding.procedure(before);
      memory.copy(changetype<usize>(descriptor) + 4, changetype<usize>(other) + 4, offsetof<Descriptor>() - 4);
    } else {
      const count = mostCalls(exported, one);
      descriptor.shift = ctz(one.bytes);
      descriptor.first = makeAStacks(binding, index, count * one.bytes);
      descriptor.linkages = takeLinkages(count);
      if (descriptor.first == 0 || descriptor.linkages == 0) return CallError.TooManyCalls;
      descriptor.count = count;
    }
    store<u32>(words + i * TOLD, descriptor.first, 8);
    store<u32>(words + i * TOLD, descriptor.count, 12);
    store<u32>(words + i * TOLD, one.bytes, 16);
  }
  state.bindings = index + 1;
  const is = ((((index * 0x9e37 + client.number * 0x79b9) & 0x3fff) | 0x4000) << INDEX_BITS) | index;
  store<u32>(words, is);
  store<u32>(words, exported.procedures, 4);
  if (!copyOut(client, told, words, 8 + exported.procedures * TOLD)) return CallError.BadAddress;
  binding.was = is;
  write(changetype<usize>(binding), is);
  return is;
}

/** The first procedure whose A-stacks are as long. */
function alike(exported: Interface, i: u32): u32 {
  let first: u32 = 0;
  while (exported.procedure(first).bytes != exported.procedure(i).bytes) first++;
  return first;
}

function mostCalls(exported: Interface, one: Exported): u32 {
  let most: u32 = 0;
  for (let i: u32 = 0; i < exported.procedures; i++) {
    const other = exported.procedure(i);
    if (other.bytes == one.bytes) most = max(most, other.calls);
  }
  return most;
}

/** Pages that client and server have from now on, at one address; 0 if there is no more room. */
function makeAStacks(binding: Binding, index: u32, bytes: u32): u32 {
  const page = information.pageBytes;
  const count = (bytes + page - 1) / page;
  if ((binding.pages + count) * page > 1 << BINDING_SHIFT) return 0;
  const first = A_STACKS + (index << BINDING_SHIFT) + binding.pages * page;
  for (let i: u32 = 0; i < count; i++) {
    const frame = frames.take();
    if (frame == NONE) return 0;
    memory.fill(frame, 0, page);
    map(binding.client, first / page + i, frame | VALID | WRITABLE);
    map(binding.server, first / page + i, frame | VALID | WRITABLE);
  }
  binding.pages += count;
  return first;
}

function takeLinkages(count: u32): usize {
  if (state.linkages + count > LINKAGES) return 0;
  const first = linkages + (state.linkages << LINKAGE_SHIFT);
  state.linkages += count;
  return first;
}

/** The client's trap when it has run out of A-stacks: the first of `LATE_STACKS`, or a `CallError`. */
export function bindMore(client: Domain, number: u32, procedure: u32): u32 {
  const binding = bindingOf(number);
  if (binding.number != number || binding.client !== client) return refusal(binding, number, client);
  if (procedure >= binding.procedures) return CallError.BadBinding;
  locks.acquire(changetype<usize>(state), 0);
  const first = bindMoreLocked(binding, binding.procedure(procedure));
  locks.release(changetype<usize>(state), 0);
  return first;
}

function bindMoreLocked(binding: Binding, descriptor: Descriptor): u32 {
  const count = LATE_STACKS;
  if (state.late == MOST_LATE || lateOnes(descriptor) == MOST_LATE_EACH) return CallError.TooManyCalls;
  const area = changetype<Late>(late + state.late * offsetof<Late>());
  area.first = makeAStacks(
    binding,
    (changetype<u32>(binding) - <u32>bindings) / BINDING_BYTES,
    count << descriptor.shift,
  );
  area.linkages = takeLinkages(count);
  if (area.first == 0 || area.linkages == 0) return CallError.TooManyCalls;
  area.count = count;
  area.next = descriptor.late;
  state.late++;
  // Calls look there without the lock: the area is whole before it is found. All who share the array have it.
  for (let i: u32 = 0; i < binding.procedures; i++) {
    const other = binding.procedure(i);
    if (other.first == descriptor.first) other.late = area;
  }
  return area.first;
}

function lateOnes(descriptor: Descriptor): u32 {
  let count: u32 = 0;
  for (let one = descriptor.late; one !== null; count++) {
    const next = one.next;
    one = next;
  }
  return count;
}

/** No call enters a domain by its bindings any more, nor leaves it by its own. */
export function revokeBindings(domain: u32): void {
  const ended = domainOf(domain);
  locks.acquire(changetype<usize>(state), 0);
  withdraw(domain);
  for (let i: u32 = 0; i < state.bindings; i++) {
    const binding = bindingOf(i);
    if (binding.server === ended || binding.client === ended) write(changetype<usize>(binding), 0);
  }
  locks.release(changetype<usize>(state), 0);
}
