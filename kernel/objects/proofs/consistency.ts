/**
 * Consistency, proven: values that are broadcast beside uses, and counters that are gathered beside additions.
 */
import { read, write } from "../../atomics";
import { processors } from "../../machine";
import { begin, create, end, leave, resolve } from "../clustered-object";
import { broadcast, currentOf, gather, versionSeen } from "../consistency";
import { entryOf } from "../global-miss-handler";
import { Kind } from "../handlers";
import { Form, recordOf } from "../manager";
import { rootOf } from "../miss-handling";
import { partsOf, representativeOf } from "../root";
import { expect, expectEqual, manager, mine, object, other, prepare } from "./scene";

/** `other` is a value: each broadcast adds 1 to what its processor has seen. */
export function clustered_prove_init_value(form: Form, degree: u32): void {
  prepare(processors(), form, degree, 0, 4);
  write(other, create(recordOf(read(manager), 1), Kind.Value, degree));
}

/** Two of its own: what it reads then is not older, and does not go back. */
export function clustered_prove_broadcast(): void {
  const R = mine();
  const begun = begin(R);
  const found = resolve(R, read(other));
  expect(currentOf(found) < 5);
  let last: u32 = 0;
  for (let turn: u32 = 0; turn < 2; turn++) {
    const version = broadcast(found, last + 1);
    expect(version > turn);
    const value = currentOf(found);
    expect(value >= 1 && versionSeen(found) >= version);
    last = value;
  }
  end(R, begun);
  leave(R);
}

/** Nobody else broadcasts: values do not go back, from one use to the next. */
export function clustered_prove_values(): void {
  const R = mine();
  let last: u32 = 0;
  for (let turn: u32 = 0; turn < 3; turn++) {
    const begun = begin(R);
    const value = currentOf(resolve(R, read(other)));
    end(R, begun);
    expect(value >= last);
    last = value;
  }
  leave(R);
}

/** All that was broadcast has a version; and the next use of any representative sees the last one. */
export function clustered_prove_broadcasts(all: u32): void {
  const R = recordOf(read(manager), 0);
  const parts = partsOf(rootOf(entryOf(R, read(other))));
  const found = representativeOf(parts, 0);
  const value = currentOf(found);
  expectEqual(versionSeen(found), all);
  const second = representativeOf(parts, 1);
  if (second != 0) expectEqual(currentOf(second), value);
}

/** What is gathered beside an addition has it, or not. */
export function clustered_prove_gather(): void {
  const R = mine();
  const begun = begin(R);
  const reference = read(object);
  resolve(R, reference);
  const parts = partsOf(rootOf(entryOf(R, reference)));
  const first = <u32>gather(R, parts);
  const second = <u32>gather(R, parts);
  expect(first <= second && second <= 1);
  end(R, begun);
  leave(R);
}
