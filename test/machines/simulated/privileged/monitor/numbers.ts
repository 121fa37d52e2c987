/** The guest's numbers of contexts and instances, and the machine's: the guest counts its own from 1 on. */
import { fail } from "../../../../../kernel/machine";
import { Failure } from "./failure";
import { information, NUMBERS, SHARED } from "./memory";

const MOST: u32 = 4096;
const LAST: usize = SHARED;

/** The contexts with which processors boot are the guest's, too. */
export function beginNumbers(): void {
  store<u32>(LAST, 0);
  for (let i: u32 = 1; i <= information.processors; i++) number(i);
}

/** The guest's number for one of the machine's. */
export function number(own: u32): u32 {
  const given = atomic.add<u32>(LAST, 1) + 1;
  if (given >= MOST) fail(Failure.OutOfNumbers);
  store<u32>(NUMBERS + 4 * given, own);
  return given;
}

/** The machine's number for one of the guest's; 0 for none. */
export function ownOf(given: u32): u32 {
  const own = given < MOST ? load<u32>(NUMBERS + 4 * given) : 0;
  if (!own) fail(Failure.GuestArgument);
  return own;
}

export function forget(given: u32): void {
  store<u32>(NUMBERS + 4 * given, 0);
}
