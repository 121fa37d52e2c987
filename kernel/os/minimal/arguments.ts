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

export let frames: u32 = 0;
export let shuffle: u32 = 0;
export let quantum: u32 = 50_000;

/** The word that is looked at: from its first byte on to the one after its last. */
let word: usize = 0;
let end: usize = 0;

/** Looks at the first word, or the next one; false if there is none. */
function look(first: bool): bool {
  const last = information.arguments + information.argumentsBytes;
  word = first ? <usize>information.arguments : end;
  while (word < last && load<u8>(word) == 0x20) word++;
  for (end = word; end < last && load<u8>(end) != 0x20; ) end++;
  return word < end;
}

/** Whether bytes are a text. */
export function isText(address: usize, bytes: u32, text: string): bool {
  let i = 0;
  while (i < text.length && <u32>i < bytes && load<u8>(address + i) == text.charCodeAt(i)) i++;
  return i == text.length && <u32>i == bytes;
}

/** Whether the word begins with a text; `word` is after it then. */
function skip(text: string): bool {
  if (!isText(word, min<u32>(text.length, <u32>(end - word)), text)) return false;
  word += text.length;
  return true;
}

/** The digits at the begin of the word; `word` is after them then. */
function number(): u32 {
  const first = word;
  let value: u32 = 0;
  for (; word < end && <u32>load<u8>(word) - 0x30 < 10; word++) value = value * 10 + load<u8>(word) - 0x30;
  if (word == first) fail(Failure.BadArgument);
  return value;
}

export function readArguments(): void {
  for (let is = look(true); is; is = look(false)) {
    if (skip("frames=")) frames = number();
    else if (skip("shuffle=")) shuffle = number();
    else if (skip("quantum=")) quantum = number();
    else if (number() - 1 < information.imageCount - 1 && skip(":")) word = end;
    if (word != end) fail(Failure.BadArgument);
  }
  // An instruction may need two pages at a time; and a process has to get on between two interrupts.
  if (frames == 1 || quantum < 5000) fail(Failure.BadArgument);
}

/** The address of the name of an image's first function; its bytes are `nameBytes`. 0 if the arguments name none. */
export function nameOfEntry(image: u32): usize {
  for (let is = look(true); is; is = look(false)) {
    if (<u32>load<u8>(word) - 0x30 < 10 && number() == image && skip(":")) return word;
  }
  return 0;
}

/** Of the name that `nameOfEntry` has found. */
export function nameBytes(): u32 {
  return <u32>(end - word);
}
