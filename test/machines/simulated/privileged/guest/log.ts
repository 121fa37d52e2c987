/**
 * What the guest's kernel notes, as lines of text: words and numbers, in the order of events. One processor at a time
 * writes. The order of counts is that of the causes: misses only if the page had no frame.
 *
 *     LOG:    | bytes | text ...
 *     COUNTS: | a number for each cause |
 */
export const LOG: usize = 0x20000;
export const COUNTS: usize = 0x30000;

function add(byte: u32): void {
  const length = load<u32>(LOG);
  store<u8>(LOG + 4 + length, byte);
  store<u32>(LOG, length + 1);
}

function text(words: string): void {
  for (let i = 0; i < words.length; i++) add(words.charCodeAt(i));
}

function digits(value: u32): void {
  if (value >= 10) digits(value / 10);
  add(0x30 + (value % 10));
}

export function line(words: string): void {
  text(words);
  add(0x0a);
}

export function number(words: string, value: u32): void {
  text(words);
  add(0x20);
  digits(value);
  add(0x0a);
}

export function numbers(words: string, a: u32, b: u32): void {
  text(words);
  add(0x20);
  digits(a);
  add(0x20);
  digits(b);
  add(0x0a);
}

export function countCause(cause: u32): void {
  atomic.add<u32>(COUNTS + 4 * cause, 1);
}
