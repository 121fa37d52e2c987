/** What the guest's kernel does when an interrupt comes, but for completions. */
import { work as compute } from "../../../../../kernel/machine";
import { set_timer } from "../../../../../kernel/privileged";
import { number } from "./log";

export enum OnTimer {
  Nothing,
  SetFlag,
  Abandon,
  AbortCall,
}

/** A word of the program's memory that it waits for. */
export const FLAG: u32 = 0x18000;

/** Cycles that are enough for the program to come to where it waits. */
const SOON: u32 = 1_000_000;
const LONG: u32 = 50_000;

let next: OnTimer = OnTimer.Nothing;

/** What is to be done when the timer, which is set, interrupts. */
export function afterSome(what: OnTimer): void {
  next = what;
  set_timer(SOON);
}

export function takeNext(): OnTimer {
  const taken = next;
  next = OnTimer.Nothing;
  return taken;
}

/** Computes so long that the timer's interrupt is pending at the end. */
export function work(): void {
  set_timer(100);
  compute(LONG);
  number("worked", LONG);
}
