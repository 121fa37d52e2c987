/**
 * Clustered objects, one step after the other: one processor acts for four, of which each has its own record.
 */
import { read } from "../../atomics";
import { allocated } from "../../memory/placement";
import { blocksLeft, ownerOf, Size } from "../blocks";
import { begin, come, create, end, leave, repair, resolve } from "../clustered-object";
import { clusterOf, clustersOf, endOf, firstOf } from "../degree";
import { abandonSwap, deferred, destroy, Outcome, swap } from "../destruction";
import { entryOf, partitionAt } from "../global-miss-handler";
import { holdsUp } from "../grace-period";
import { COUNT, Kind } from "../handlers";
import { Form, formOf, incarnationOf, isPresent, recordOf } from "../manager";
import {
  BUSY,
  bytesOfEntry,
  change,
  GONE,
  generationIn,
  isHolder,
  rootOf,
  state,
  stateOf,
  What,
  whatOf,
} from "../miss-handling";
import {
  generationOf,
  LAST_GENERATION,
  MOST_PARTITIONS,
  MOST_PLACES,
  partitionOf,
  placeOf,
  referenceTo,
  reservedFor,
} from "../reference";
import { partsOf, representativeOf } from "../root";
import { drop, enter, lookUp, reserve } from "../translation";
import { bytesInUse, expect, expectEqual, manager, object, PLACES, prepare } from "./scene";

const PROCESSORS: u32 = 4;
const BOUND: u32 = 2;
const MANY: u32 = 66;

export function clustered_prove_alone_init(form: Form, degree: u32): void {
  prepare(PROCESSORS, form, degree, 0, BOUND);
}

function R(p: u32): usize {
  return recordOf(read(manager), p);
}

/** More processors than a word has bits. */
export function clustered_prove_many_init(form: Form): void {
  prepare(MANY, form, 1, 0, BOUND);
}

/** Those of all words of a set are waited for, in their order, and nobody else; whose table has it does not matter to others. */
export function clustered_prove_many(): void {
  const reference = read(object);
  const E = entryOf(R(0), reference);
  for (let turn: u32 = 0; turn < 2; turn++) {
    const second = create(R(33), Kind.Counter, 8);
    for (let p: u32 = 0; p < MANY; p++) expect(!isHolder(entryOf(R(0), second), p));
    const early = begin(R(31));
    const kept = resolve(R(31), second);
    const late = begin(R(64));
    resolve(R(64), second);
    const middle = begin(R(32));
    expect(find(63, second) == find(62, second) && find(63, second) != resolve(R(64), second));
    resolve(R(32), second);
    // Of another object: nobody waits for it.
    const stranger = begin(R(34));
    resolve(R(34), reference);
    expect(isHolder(E, 34) && !isHolder(E, 2) && !isHolder(E, 32));
    const S = entryOf(R(0), second);
    for (let p: u32 = 0; p < MANY; p++) expect(isHolder(S, p) == (p == 31 || p == 32 || p == 62 || p == 63 || p == 64));
    expectEqual(destroy(R(40), second), Outcome.Done);
    for (let p: u32 = 0; p < MANY; p++) expectEqual(<u32>lookUp(R(p), second), 0);
    expect(lookUp(R(34), reference) != 0);
    look(40);
    for (let p: u32 = 0; p < MANY; p++) if (p < 31 || p == 62 || p == 63) look(p);
    look(40);
    expectEqual(holdsUp(R(40)), formOf(read(manager)) == Form.Token ? 64 : 31);
    end(R(64), late);
    look(62);
    look(63);
    look(40);
    expectEqual(holdsUp(R(40)), 31);
    end(R(31), early);
    look(40);
    expectEqual(holdsUp(R(40)), 32);
    expectEqual(ownerOf(kept), second);
    end(R(32), middle);
    look(40);
    expectEqual(ownerOf(kept), 0);
    expectEqual(load<u32>(R(40) + deferred), 0);
    end(R(34), stranger);
  }
}

/** An operation of one resolve. */
function find(p: u32, reference: u32): usize {
  const begun = begin(R(p));
  const found = resolve(R(p), reference);
  end(R(p), begun);
  return found;
}

function look(p: u32): void {
  end(R(p), begin(R(p)));
}

function lookAll(): void {
  for (let round: u32 = 0; round < 3; round++) for (let p: u32 = 0; p < PROCESSORS; p++) look(p);
}

/** All parts of a reference come back from it, and none of them is another's. */
export function clustered_prove_references(): void {
  for (let place: u32 = 0; place < MOST_PLACES; place = 2 * place + 1) {
    for (let partition: u32 = 0; partition < MOST_PARTITIONS; partition = 2 * partition + 1) {
      for (let generation: u32 = 1; generation <= LAST_GENERATION; generation = 3 * generation + 1) {
        const reference = referenceTo(generation, partition, place);
        expectEqual(generationOf(reference), generation);
        expectEqual(partitionOf(reference), partition);
        expectEqual(placeOf(reference), place);
        expect(generationOf(reservedFor(reference)) > LAST_GENERATION);
        expect(reservedFor(reference) == reservedFor(referenceTo(LAST_GENERATION, partition, place)));
        expect(place == 0 || reservedFor(reference) != reservedFor(referenceTo(generation, partition, place - 1)));
      }
    }
  }
}

/** Whatever the degree: each processor is in one cluster, which goes on from where the one before ends. */
export function clustered_prove_degrees(): void {
  for (let P: u32 = 1; P <= 33; P++) {
    for (let degree: u32 = 1; degree <= P; degree++) {
      let next: u32 = 0;
      for (let cluster: u32 = 0, all = clustersOf(degree, P); cluster < all; cluster++) {
        expectEqual(firstOf(degree, cluster), next);
        next = endOf(degree, cluster, P);
        expect(next > firstOf(degree, cluster) && next - firstOf(degree, cluster) <= degree);
        for (let p = firstOf(degree, cluster); p < next; p++) expectEqual(clusterOf(degree, p), cluster);
      }
      expectEqual(next, P);
    }
  }
}

/** With degree 2. What is dropped comes back by a miss, and is what it was; the root knows all that there are. */
export function clustered_prove_dropped(): void {
  const reference = read(object);
  const parts = partsOf(rootOf(entryOf(R(0), reference)));
  expectEqual(<u32>representativeOf(parts, 0), 0);
  const first = find(0, reference);
  expect(first != GONE && ownerOf(first) == reference && load<i64>(first + COUNT) == 0);
  expectEqual(<u32>representativeOf(parts, 0), <u32>first);
  expectEqual(<u32>representativeOf(parts, 1), 0);
  expectEqual(<u32>lookUp(R(0), reference), <u32>first);
  expectEqual(<u32>lookUp(R(1), reference), 0);
  expect(isHolder(entryOf(R(0), reference), 0) && !isHolder(entryOf(R(0), reference), 1));
  drop(R(0), reference);
  expectEqual(<u32>lookUp(R(0), reference), 0);
  expectEqual(<u32>find(0, reference), <u32>first);
  expectEqual(<u32>find(1, reference), <u32>first);
  const second = find(3, reference);
  expect(second != first && second != GONE);
  expectEqual(<u32>find(2, reference), <u32>second);
  expectEqual(<u32>representativeOf(parts, 1), <u32>second);
  // Dropped while it was looked for: not entered.
  reserve(R(1), reference);
  expectEqual(<u32>lookUp(R(1), reference), 0);
  drop(R(1), reference);
  expect(!enter(R(1), reference, first));
  expectEqual(<u32>lookUp(R(1), reference), 0);
  reserve(R(1), reference);
  expect(enter(R(1), reference, first));
  expectEqual(<u32>lookUp(R(1), reference), <u32>first);
}

/** What is no reference leads to nothing, nor does that of an object in whose place another is. */
export function clustered_prove_strangers(): void {
  const reference = read(object);
  expectEqual(<u32>find(1, 0), GONE);
  expectEqual(<u32>find(1, referenceTo(0, 0, 0)), GONE);
  expectEqual(<u32>find(1, referenceTo(2, 0, 0)), GONE);
  expectEqual(<u32>find(1, referenceTo(1, 0, 1)), GONE);
  expectEqual(<u32>find(1, referenceTo(1, PROCESSORS, 0)), GONE);
  expectEqual(<u32>find(1, referenceTo(1, 0, 2)), GONE);
  expectEqual(<u32>find(1, u32.MAX_VALUE), GONE);
  expectEqual(destroy(R(1), u32.MAX_VALUE), Outcome.Gone);
  expectEqual(destroy(R(1), referenceTo(2, 0, 0)), Outcome.Gone);
  expect(find(1, reference) != GONE);
  // Another place, and then none.
  const second = create(R(0), Kind.Counter, 1);
  expect(second != GONE && second != reference);
  expectEqual(create(R(0), Kind.Counter, 1), GONE);
  expect(partitionOf(create(R(2), Kind.Counter, 1)) == 2);
  expectEqual(destroy(R(1), reference), Outcome.Done);
  expectEqual(destroy(R(0), reference), Outcome.Gone);
  expectEqual(create(R(0), Kind.Counter, 1), GONE);
  expectEqual(<u32>find(2, reference), GONE);
  expectEqual(<u32>find(1, reference), GONE);
  lookAll();
  const third = create(R(0), Kind.Counter, 1);
  expect(third == referenceTo(2, 0, 0) && find(1, third) != GONE && find(1, second) != GONE);
  expectEqual(<u32>find(1, reference), GONE);
  expectEqual(destroy(R(1), reference), Outcome.Gone);
}

/** An operation under way keeps what was destroyed, and is named; so much waits, and no more is destroyed. */
export function clustered_prove_bound(): void {
  const reference = read(object);
  const second = create(R(0), Kind.Counter, 1);
  const third = create(R(1), Kind.Counter, 1);
  const begun = begin(R(2));
  const found = resolve(R(2), reference);
  resolve(R(2), second);
  expectEqual(destroy(R(3), reference), Outcome.Done);
  look(3);
  expectEqual(holdsUp(R(3)), 2);
  expectEqual(destroy(R(3), second), Outcome.Done);
  expectEqual(destroy(R(3), third), Outcome.Later);
  expectEqual(load<u32>(R(3) + deferred), BOUND);
  look(3);
  look(0);
  look(1);
  look(3);
  expect(ownerOf(found) == reference && load<u32>(R(3) + deferred) == BOUND);
  end(R(2), begun);
  look(3);
  expectEqual(ownerOf(found), 0);
  look(2);
  look(3);
  expectEqual(load<u32>(R(3) + deferred), 0);
  expectEqual(destroy(R(3), third), Outcome.Done);
  // Nobody has used it: nobody is waited for.
  look(3);
  expectEqual(load<u32>(R(3) + deferred), 0);
  expectEqual(bytesInUse(), 0);
}

/** An operation that does not end keeps a switch from being made, and it is abandoned; then it is made after all. */
export function clustered_prove_abandoned(): void {
  const reference = read(object);
  const former = find(1, reference);
  atomic.add<i64>(former + COUNT, 5);
  atomic.add<i64>(find(3, reference) + COUNT, 7);
  const begun = begin(R(2));
  const found = resolve(R(2), reference);
  const other = create(R(0), Kind.Counter, 1);
  const third = create(R(1), Kind.Counter, 1);
  expectEqual(swap(R(0), other, 4), Outcome.Done);
  look(0);
  expectEqual(swap(R(0), reference, 4), Outcome.Done);
  expectEqual(destroy(R(0), third), Outcome.Done);
  look(0);
  look(1);
  look(0);
  expectEqual(holdsUp(R(0)), 2);
  expectEqual(<u32>find(1, reference), BUSY);
  expectEqual(swap(R(1), reference, 2), Outcome.Later);
  expectEqual(destroy(R(1), reference), Outcome.Later);
  expectEqual(swap(R(0), third, 2), Outcome.Later);
  expect(!abandonSwap(R(1), reference) && abandonSwap(R(0), reference) && !abandonSwap(R(0), reference));
  expectEqual(load<u32>(R(0) + deferred), 1);
  expectEqual(<u32>find(1, reference), <u32>former);
  expectEqual(ownerOf(found), reference);
  end(R(2), begun);
  lookAll();
  expectEqual(load<u32>(R(0) + deferred), 0);
  // One for all, with what the former ones held, near who made it.
  expectEqual(swap(R(0), reference, 4), Outcome.Done);
  lookAll();
  const one = find(1, reference);
  expect(one != former && ownerOf(one) == reference && load<i64>(one + COUNT) == 12);
  for (let p: u32 = 0; p < PROCESSORS; p++) expectEqual(<u32>find(p, reference), <u32>one);
  // And back, by another; who dies meanwhile has changed nothing.
  expectEqual(swap(R(2), reference, 1), Outcome.Done);
  repair(read(manager), 2);
  expectEqual(<u32>find(1, reference), <u32>one);
  expectEqual(swap(R(3), reference, 1), Outcome.Done);
  repair(read(manager), 3);
  expectEqual(swap(R(1), reference, 1), Outcome.Done);
  lookBoth();
  expect(load<i64>(find(1, reference) + COUNT) == 12 && load<i64>(find(0, reference) + COUNT) == 0);
  // A reference that is not this object's leads to nothing, also while one who died was switching it.
  expectEqual(swap(R(1), reference, 4), Outcome.Done);
  repair(read(manager), 1);
  come(R(1));
  expectEqual(swap(R(1), referenceTo(9, 0, 0), 1), Outcome.Gone);
  expectEqual(destroy(R(1), referenceTo(9, 0, 0)), Outcome.Gone);
  expectEqual(<u32>find(1, referenceTo(9, 0, 0)), GONE);
  expect(find(1, reference) != BUSY);
  expectEqual(swap(R(1), u32.MAX_VALUE, 1), Outcome.Gone);
  expect(!abandonSwap(R(1), u32.MAX_VALUE));
  destroy(R(0), reference);
  destroy(R(0), other);
  lookBoth();
  expectEqual(bytesInUse(), 0);
}

/** Those who are left. */
function lookBoth(): void {
  for (let round: u32 = 0; round < 3; round++) for (let p: u32 = 0; p < 2; p++) look(p);
}

/** Two operations inside of each other are over when both are. With epochs, those that begin later are not waited for. */
export function clustered_prove_overlap(): void {
  const reference = read(object);
  let begun = begin(R(1));
  const found = resolve(R(1), reference);
  destroy(R(0), reference);
  look(0);
  for (let turn: u32 = 0; turn < 6; turn++) {
    const next = begin(R(1));
    end(R(1), begun);
    look(0);
    if (turn == 0) expectEqual(ownerOf(found), reference);
    begun = next;
  }
  expectEqual(ownerOf(found), formOf(read(manager)) == Form.Token ? reference : 0);
  end(R(1), begun);
  look(0);
  expectEqual(ownerOf(found), 0);
  expectEqual(bytesInUse(), 0);
}

/** An index whose generations are used up is nobody's any more. */
export function clustered_prove_retired(): void {
  expectEqual(destroy(R(0), read(object)), Outcome.Done);
  lookAll();
  const E = partitionAt(R(0), 0);
  expect(change(E, stateOf(2, 0, What.Free), stateOf(LAST_GENERATION - 1, 0, What.Free)));
  for (let generation = LAST_GENERATION - 1; generation <= LAST_GENERATION; generation++) {
    // The other place is next.
    const between = create(R(0), Kind.Counter, 1);
    const last = create(R(0), Kind.Counter, 1);
    expectEqual(last, referenceTo(generation, 0, 0));
    expect(find(3, last) != GONE);
    destroy(R(0), last);
    destroy(R(0), between);
    lookAll();
    expectEqual(<u32>find(3, last), GONE);
  }
  expectEqual(whatOf(state(E)), What.Retired);
  expect(create(R(0), Kind.Counter, 1) != GONE);
  expectEqual(create(R(0), Kind.Counter, 1), GONE);
  expectEqual(whatOf(state(E)), What.Retired);
}

/** Memory comes back to whom it is near to, and is used again: many objects take what one takes. */
export function clustered_prove_memory(): void {
  destroy(R(0), read(object));
  lookAll();
  expectEqual(bytesInUse(), 0);
  let taken: u32 = 0;
  for (let turn: u32 = 0; turn < 20; turn++) {
    const maker = turn % PROCESSORS;
    const reference = create(R(maker), Kind.Counter, 1);
    for (let p: u32 = 0; p < PROCESSORS; p++) {
      const found = find(p, reference);
      expectEqual(<u32>load<i64>(found + COUNT), 0);
      atomic.add<i64>(found + COUNT, 1);
    }
    expectEqual(destroy(R((turn / 4) % PROCESSORS), reference), Outcome.Done);
    lookAll();
    expectEqual(bytesInUse(), 0);
    if (turn == PROCESSORS - 1) taken = allocated();
  }
  expectEqual(allocated(), taken);
  // One of a root's size each, and two lines: of the root and of the representative.
  for (let p: u32 = 0; p < PROCESSORS; p++) {
    expectEqual(blocksLeft(R(p), Size.Parts), 1);
    expectEqual(blocksLeft(R(p), Size.Line), 2);
  }
}

/** Who goes, or dies, is waited for no more; what it had destroyed is looked after. Who comes waits for nobody. */
export function clustered_prove_presence(): void {
  const reference = read(object);
  expectEqual(incarnationOf(R(2)), 1);
  find(1, reference);
  const begun = begin(R(2));
  const found = resolve(R(2), reference);
  destroy(R(1), reference);
  look(1);
  expectEqual(holdsUp(R(1)), 2);
  // It dies in its operation.
  repair(read(manager), 2);
  repair(read(manager), 2);
  expect(!isPresent(R(2)) && incarnationOf(R(2)) == 2);
  look(1);
  expectEqual(ownerOf(found), 0);
  come(R(2));
  expect(isPresent(R(2)) && lookUp(R(2), reference) == 0);
  expectEqual(<u32>find(2, reference), GONE);
  // What it destroys and leaves is looked after, by one of the others.
  const second = create(R(0), Kind.Counter, 4);
  const kept = find(3, second);
  find(2, second);
  expectEqual(destroy(R(2), second), Outcome.Done);
  if (begun == 0) leave(R(2));
  else repair(read(manager), 2);
  expectEqual(ownerOf(kept), second);
  look(0);
  look(3);
  look(0);
  expectEqual(ownerOf(kept), 0);
  come(R(2));
  expectEqual(load<u32>(R(2) + deferred), 0);
  // Its partition is for the next one meanwhile; that finds what it has made there, and so do others.
  const last = create(R(2), Kind.Counter, 1);
  leave(R(2));
  for (let place: u32 = 0; place < PLACES; place++) expectEqual(partitionOf(create(R(3), Kind.Counter, 1)), 3);
  const inItsPlace = create(R(3), Kind.Counter, 1);
  expectEqual(partitionOf(inItsPlace), 2);
  expect(find(0, inItsPlace) != GONE && find(1, last) != GONE);
  expectEqual(create(R(3), Kind.Counter, 1), GONE);
  come(R(2));
  expectEqual(create(R(2), Kind.Counter, 1), GONE);
  expectEqual(destroy(R(0), inItsPlace), Outcome.Done);
  expectEqual(destroy(R(2), last), Outcome.Done);
  for (let place: u32 = 0; place < PLACES; place++) {
    const E = partitionAt(R(0), 3) + place * bytesOfEntry(PROCESSORS);
    expectEqual(destroy(R(1), referenceTo(generationIn(state(E)), 3, place)), Outcome.Done);
  }
  lookAll();
  expectEqual(bytesInUse(), 0);
  // It comes back before anybody has looked: what it was is not what it is.
  const third = create(R(2), Kind.Counter, 4);
  find(2, third);
  destroy(R(2), third);
  leave(R(2));
  come(R(2));
  look(2);
  lookAll();
  expectEqual(bytesInUse(), 0);
  expectEqual(load<u32>(R(2) + deferred), 0);
}
