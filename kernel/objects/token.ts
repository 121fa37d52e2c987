/**
 * Token: operations under way are counted on each processor, and a token goes round those that may hold what was
 * destroyed. A processor passes it on when it has no operation under way. When it is back, each count has been zero since.
 *
 *     R    | operations |                                          the processor's own: nobody else looks
 *          | round | arrivals -> | passed -> | visits -> |
 *     arrivals   | token of processor 0 | 1 | ...                  rounds; others write
 *     passed     | token of processor 0 | 1 | ...                  of those, what was passed on
 *     visits     | a bit for each processor |                      whom this one's token visits; fixed in a round
 *
 * Each processor has a token of its own, with which it waits for the holders of what it has destroyed, all at once. A token
 * is at a processor if it has arrived and was not passed on. It goes from lower to higher numbers, beginning behind its
 * owner's, past those that are not present, and so back. A round's number is more than that of the one before.
 *
 * Deaths: passing on is to write a number that the next may have already. So it can be done twice: by the processor, and again
 * by whoever repairs it. Numbers only rise; one that comes late, from a round that is over, changes nothing. Who writes
 * to somebody and then finds him not present passes on for him, too, as his repair may have looked before.
 *
 * That a count is never zero keeps a token for ever: epochs.ts does not have that. `holdsUp` says who it is.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.3: garbage collection in three phases
 */
import { compare_and_swap, read, write } from "../atomics";
import { isPresent, managerOf, numberOf, processorsOf, recordOf, ring } from "./manager";

const operations: u32 = 32;
const round: u32 = 36;
const arrivals: u32 = 40;
const passed: u32 = 44;
/** The set of processors that are waited for: kernel/objects/grace-period.ts. */
export const visits: u32 = 48;

/** `words`: of 4 bytes for each processor, 2 P of them, zeroed. */
export function createToken(R: usize, words: usize): void {
  store<u32>(R + arrivals, <u32>words);
  store<u32>(R + passed, <u32>words + processorsOf(managerOf(R)) * 4);
}

export function begin(R: usize): void {
  store<u32>(R + operations, load<u32>(R + operations) + 1);
}

export function end(R: usize): void {
  store<u32>(R + operations, load<u32>(R + operations) - 1);
}

/** Of a processor that comes: what it had under way before it died is not. */
export function forget(R: usize): void {
  store<u32>(R + operations, 0);
}

export function isQuiet(R: usize): bool {
  return load<u32>(R + operations) == 0;
}

/** The token begins a round. */
export function start(R: usize): void {
  const next = load<u32>(R + round) + 1;
  store<u32>(R + round, next);
  pass(managerOf(R), numberOf(R), numberOf(R), next);
}

/** Whether the token is back. While this processor is quiet. */
export function isOver(R: usize): bool {
  return read(arrivalOf(R, numberOf(R))) == load<u32>(R + round);
}

/** Passes on what is here, as no operation is under way; of one that is not present, by anybody. */
export function visit(R: usize): void {
  const M = managerOf(R);
  const here = numberOf(R);
  for (let owner: u32 = 0, P = processorsOf(M); owner < P; owner++) {
    const arrived = read(arrivalOf(R, owner));
    const word = <usize>load<u32>(R + passed) + owner * 4;
    if (owner == here || read(word) == arrived) continue;
    pass(M, owner, here, arrived);
    write(word, arrived);
  }
}

/** On whom this processor's token waits, while a round is under way. */
export function holdsUp(R: usize): u32 {
  const M = managerOf(R);
  const owner = numberOf(R);
  const now = load<u32>(R + round);
  for (let p = nextOf(M, owner, owner); p != owner; p = nextOf(M, owner, p)) {
    const its = recordOf(M, p);
    if (read(<usize>load<u32>(its + passed) + owner * 4) != now) return p;
  }
  return owner;
}

function arrivalOf(R: usize, owner: u32): usize {
  return <usize>load<u32>(R + arrivals) + owner * 4;
}

function pass(M: usize, owner: u32, from: u32, number: u32): void {
  let to = from;
  do {
    to = nextOf(M, owner, to);
    const its = recordOf(M, to);
    raise(arrivalOf(its, owner), number);
    ring(its);
  } while (to != owner && !isPresent(recordOf(M, to)));
}

function raise(word: usize, number: u32): void {
  for (let was = read(word); <i32>(number - was) > 0; was = read(word)) {
    if (compare_and_swap(word, was, number)) return;
  }
}

/** The one behind `from`, on the way back to the owner. */
function nextOf(M: usize, owner: u32, from: u32): u32 {
  const P = processorsOf(M);
  const set = <usize>load<u32>(recordOf(M, owner) + visits);
  let p = from;
  do {
    if (++p == P) p = 0;
  } while (p != owner && !((read(set + (p / 32) * 4) >> (p % 32)) & 1 && isPresent(recordOf(M, p))));
  return p;
}
