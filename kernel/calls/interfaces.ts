/**
 * Interfaces: what servers export for lightweight calls. The clerk, a function of the server's, gives the kernel a list of
 * procedure descriptors, which lie in its memory:
 *
 *     list:        | stacks | bytes of one | how many | stack pointer's global | descriptor 0 | descriptor 1 | ...
 *     descriptor:  | name | its bytes | calls at once, 0 for 5 | bytes of an A-stack |
 *
 * A procedure is a function that the image exports by that name, so that the kernel can enter nothing else. Interfaces are
 * written once, before the first client binds.
 *
 * @source Bershad et al., 1990, section 3.1
 */
import { read, write } from "../atomics";
import { findNamed } from "../exports";
import { information, LINE, NONE, reserve } from "../vm/physical";
import { copyIn } from "./copying";
import { Domain } from "./domain";
import { CallError } from "./numbers";

export const MOST_PROCEDURES: u32 = 8;
/** Calls at once where the descriptor says none. */
const CALLS: u32 = 5;
const MOST_CALLS: u32 = 64;
/** Of an A-stack, and of its shortest. */
const MOST_BYTES: u32 = 2048;
const LEAST_BYTES: u32 = 16;
/** E-stacks of a server. */
export const MOST_STACKS: u32 = 32;
const MOST_NAME: u32 = 64;

/** As the clerk's list has it, and as it is kept. */
@unmanaged
export class Exported {
  /** The address of the name in the list; the function's number. */
  entry: u32;
  nameBytes: u32;
  calls: u32;
  bytes: u32;
}

@unmanaged
export class Interface {
  /** Of E-stacks. */
  lock: u32;
  ready: u32;
  procedures: u32;
  stacks: u32;
  stackBytes: u32;
  stackCount: u32;
  stackPointer: u32;
  stacksMade: u32;

  procedure(i: u32): Exported {
    return changetype<Exported>(changetype<usize>(this) + LINE + i * offsetof<Exported>());
  }

  /** Room for the name of a procedure that is looked for. */
  get name(): usize {
    return changetype<usize>(this) + NAME;
  }
}

const STACK_WORDS: u32 = 16;
const NAME: u32 = LINE + MOST_PROCEDURES * 16;
const BYTES: u32 = NAME + LINE;

let interfaces: usize = 0;

/** The same on every processor. */
export function reserveInterfaces(): void {
  interfaces = reserve(information.imageCount * BYTES);
}

export function interfaceOf(domain: u32): Interface {
  return changetype<Interface>(interfaces + domain * BYTES);
}

export function isReady(exported: Interface): bool {
  return read(changetype<usize>(exported) + offsetof<Interface>("ready")) != 0;
}

/** Nobody binds to it any more. */
export function withdraw(domain: u32): void {
  write(changetype<usize>(interfaceOf(domain)) + offsetof<Interface>("ready"), 0);
}

/** The clerk's trap. 0, or a `CallError`. */
export function exportInterface(server: Domain, list: u32, procedures: u32): u32 {
  const exported = interfaceOf(server.number);
  if (procedures - 1 >= MOST_PROCEDURES || exported.procedures != 0 || !server.alive) return CallError.BadBinding;
  const at = changetype<usize>(exported) + offsetof<Interface>("stacks");
  if (!copyIn(server, list, at, STACK_WORDS)) return CallError.BadAddress;
  if (exported.stackCount - 1 >= MOST_STACKS) return CallError.TooManyCalls;
  const first = changetype<usize>(exported.procedure(0));
  if (!copyIn(server, list + STACK_WORDS, first, procedures * offsetof<Exported>())) return CallError.BadAddress;
  for (let i: u32 = 0; i < procedures; i++)
    if (!understand(server, exported.procedure(i), exported.name)) return CallError.BadBinding;
  exported.procedures = procedures;
  write(changetype<usize>(exported) + offsetof<Interface>("ready"), 1);
  return 0;
}

function understand(server: Domain, exported: Exported, name: usize): bool {
  if (exported.calls == 0) exported.calls = CALLS;
  if (exported.calls > MOST_CALLS || exported.bytes > MOST_BYTES || exported.nameBytes > MOST_NAME) return false;
  // A power of 2, so that an A-stack's number is found by a shift.
  let bytes = LEAST_BYTES;
  while (bytes < exported.bytes) bytes *= 2;
  exported.bytes = bytes;
  if (!copyIn(server, exported.entry, name, exported.nameBytes)) return false;
  exported.entry = findNamed(server.image, name, exported.nameBytes);
  return exported.entry != NONE;
}
