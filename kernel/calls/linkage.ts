/**
 * Linkage: where a lightweight call returns to, one record for each A-stack, which the kernel alone has and finds by the
 * A-stack's number. Return address and stack pointer are on the thread's own stack, below what the server executes.
 *
 *     linkage:  | claimed | captured | client's domain | linkage below | E-stack |        a line
 *
 * Invariant: who has claimed a linkage is the only one on its A-stack, until the call returns. A thread's linkages are a
 * stack: it returns to the topmost one, so a return has nothing to verify.
 *
 *     claimed:   0 -> 1    the call, by exchange; or who takes its E-stack away, under the server's lock
 *                1 -> 0    the same
 *     captured:  0 -> 1    the client has gone on without the thread that is in the server: see termination.ts
 *
 * Nobody frees a linkage whose thread does not return: its A-stack stays in use.
 *
 * @source Bershad et al., 1990, sections 3.1, 3.2 and 5.3
 */
import { test_and_set, write } from "../atomics";
import { LINE } from "../vm/physical";
import { Domain } from "./domain";

@unmanaged
export class Linkage {
  claimed: u32;
  captured: bool;
  client: Domain;
  below: Linkage | null;
  stack: EStack | null;
}

/** An E-stack, and whose it is: see e-stacks.ts. */
@unmanaged
export class EStack {
  instance: u32;
  address: u32;
  linkage: Linkage;
}

export const LINKAGE_SHIFT: u32 = ctz(LINE);

/** Whether the linkage is the caller's from now on. */
export function claim(linkage: Linkage): bool {
  return !test_and_set(changetype<usize>(linkage));
}

export function free(linkage: Linkage): void {
  write(changetype<usize>(linkage), 0);
}
