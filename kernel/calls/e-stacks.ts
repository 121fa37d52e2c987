/**
 * E-stacks: what a thread executes on in the server's domain: a piece of the server's memory, and an instance with globals of
 * its own, of which one may be a stack pointer. The server says how many it has room for.
 *
 *     E-stack:  | instance | address | linkage that it is attached to |        a line
 *
 * One is attached to an A-stack's linkage when the A-stack is first used, and stays there: last in, first out uses the same
 * ones again. If the server's are all attached, one is taken from a linkage that no call has claimed. Who takes it claims that
 * linkage meanwhile, under the server's lock; a call that finds its own claimed tries again under the lock.
 *
 * @source Bershad et al., 1990, section 3.2
 */
import * as locks from "../locks/test-and-test-and-set";
import { create_instance, set_global } from "../privileged";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { Domain } from "./domain";
import { Interface, MOST_STACKS } from "./interfaces";
import { claim, EStack, free, Linkage } from "./linkage";

let stacks: usize = 0;

/** The same on every processor. */
export function reserveStacks(): void {
  stacks = reserve(information.imageCount * MOST_STACKS * LINE);
}

function stackOf(server: Domain, i: u32): EStack {
  return changetype<EStack>(stacks + (server.number * MOST_STACKS + i) * LINE);
}

/** A linkage that the caller has claimed has an E-stack from now on; null if all are in use. */
export function attach(linkage: Linkage, server: Domain, exported: Interface): EStack | null {
  locks.acquire(changetype<usize>(exported), 0);
  const stack = exported.stacksMade < exported.stackCount ? make(server, exported) : reclaim(server, exported);
  if (stack !== null) {
    stack.linkage = linkage;
    linkage.stack = stack;
  }
  locks.release(changetype<usize>(exported), 0);
  return stack;
}

function make(server: Domain, exported: Interface): EStack {
  const number = exported.stacksMade++;
  const stack = stackOf(server, number);
  stack.address = exported.stacks + number * exported.stackBytes;
  stack.instance = create_instance(server.number, server.instance);
  if (exported.stackPointer != NONE) {
    set_global(stack.instance, exported.stackPointer, stack.address + exported.stackBytes);
  }
  return stack;
}

/** Takes one from a linkage that is not in use. */
function reclaim(server: Domain, exported: Interface): EStack | null {
  for (let i: u32 = 0; i < exported.stacksMade; i++) {
    const stack = stackOf(server, i);
    const owner = stack.linkage;
    if (!claim(owner)) continue;
    owner.stack = null;
    free(owner);
    return stack;
  }
  return null;
}

/** The same as `claim`, of a linkage that was claimed: perhaps by who takes E-stacks away. */
export function claimAgain(linkage: Linkage, exported: Interface): bool {
  locks.acquire(changetype<usize>(exported), 0);
  const claimed = claim(linkage);
  locks.release(changetype<usize>(exported), 0);
  return claimed;
}
