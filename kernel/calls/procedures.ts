/** The procedures of the server with which calls are measured, by their numbers. */
export enum Procedure {
  /** Does nothing. */
  Null,
  /** Adds two words. */
  Add,
  /** Takes 200 bytes. */
  BigIn,
  /** Takes 200 bytes and gives 200 back. */
  BigInOut,
  /** Adds 1 to a word of each of so many lines. */
  Touch,
  /** BigInOut of which nobody but the server can change what it takes: it is copied before it is looked at. */
  BigInOutSafe,
}

/** Bytes that the big ones take. */
export const BIG: u32 = 200;

/** Of `Touch`: bytes from one line to the next, and the most lines. */
export const LINE: u32 = 128;
export const MOST_LINES: u32 = 128;

/** What is in a call's first and last word, which the server checks, and what it adds to both for the answer. */
export const MARK: u32 = 0x5a5a5a5a;
export const ANSWER: u32 = 0x01010101;
