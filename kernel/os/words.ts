/** What a kernel is asked for: words with spaces between them. */
import { isText } from "../exports";
import { Failure } from "../failure";
import { fail } from "../machine";
import { information } from "../vm/physical";

/** The word that is looked at: from its first byte on to the one after its last. */
export let word: usize = 0;
export let end: usize = 0;

/** Looks at the first word, or the next one; false if there is none. */
export function look(first: bool): bool {
  const last = information.arguments + information.argumentsBytes;
  word = first ? <usize>information.arguments : end;
  while (word < last && load<u8>(word) == 0x20) word++;
  for (end = word; end < last && load<u8>(end) != 0x20; ) end++;
  return word < end;
}

/** Whether the word begins with a text; `word` is after it then. */
export function skip(text: string): bool {
  if (!isText(word, min<u32>(text.length, <u32>(end - word)), text)) return false;
  word += text.length;
  return true;
}

/** Whether the word begins with a digit. */
export function isNumber(): bool {
  return word < end && <u32>load<u8>(word) - 0x30 < 10;
}

/** The digits at the begin of the word; `word` is after them then. */
export function number(): u32 {
  const first = word;
  let value: u32 = 0;
  for (; isNumber(); word++) value = value * 10 + load<u8>(word) - 0x30;
  if (word == first) fail(Failure.BadArgument);
  return value;
}

/** The word is understood to its end, and is not looked at any more. */
export function skipRest(): void {
  word = end;
}

/** A word is understood, or the run ends. */
export function expectEnd(): void {
  if (word != end) fail(Failure.BadArgument);
}
