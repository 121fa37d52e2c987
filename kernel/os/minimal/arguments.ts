/**
 * What the kernel is asked for: words with spaces between them.
 *
 *     frames=N     a process has at most N pages in memory, 2 or more, and the others on the second disk
 *     shuffle=N    frames are handed out in an order that chance, begun with N, decides
 *     quantum=N    cycles, 5000 or more, after which a process is pre-empted if another one is ready
 *     I:NAME       image I begins with its export of that name; without this, with _start, main or run
 */

import { Failure } from "../../failure";
import { fail } from "../../machine";
import { information } from "../../vm/physical";
import { end, expectEnd, isNumber, look, number, skip, skipRest, word } from "../words";

export let frames: u32 = 0;
export let shuffle: u32 = 0;
export let quantum: u32 = 50_000;

export function readArguments(): void {
  for (let is = look(true); is; is = look(false)) {
    if (skip("frames=")) frames = number();
    else if (skip("shuffle=")) shuffle = number();
    else if (skip("quantum=")) quantum = number();
    else if (number() - 1 < information.imageCount - 1 && skip(":")) skipRest();
    expectEnd();
  }
  // An instruction may need two pages at a time; and a process has to get on between two interrupts.
  if (frames == 1 || quantum < 5000) fail(Failure.BadArgument);
}

/** The address of the name of an image's first function; its bytes are `nameBytes`. 0 if the arguments name none. */
export function nameOfEntry(image: u32): usize {
  for (let is = look(true); is; is = look(false)) {
    if (isNumber() && number() == image && skip(":")) return word;
  }
  return 0;
}

/** Of the name that `nameOfEntry` has found. */
export function nameBytes(): u32 {
  return <u32>(end - word);
}
