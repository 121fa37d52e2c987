/** The workers of proofs: processor p is the worker of slot p + 1, and what repairs it after its death that of P + p + 1. */
import { Failure, fail, processor, processors } from "../../machine";
import { heldCount } from "../holdings";
import { repair } from "../repair";
import { attach, create, enterAs, pending, recordOf } from "../space";

/** Where proofs keep their words: a part of the header that nothing else uses. */
export const SCENE: usize = 32768;

/** Makes a space with all workers attached. Without `spinning` there are too few cores for it: far fewer states. */
export function prepareWorkers(spinning: bool = false): void {
  create(2 * processors(), spinning ? processors() : 0, 1, 0);
  for (let p: u32 = 0; p < 2 * processors(); p++) attach(p < processors());
}

/** To be called first by each processor. */
export function begin(): void {
  enterAs(processor() + 1);
}

/** What processor `dead` executes instead, once it has died. */
export function prove_death(dead: u32): void {
  enterAs(processors() + dead + 1);
  repair(dead + 1);
}

/** At the end: nobody is in the middle of anything, holds anything, or did when it died. */
export function expectNothingHeld(): void {
  for (let slot: u32 = 1; slot <= 2 * processors(); slot++) {
    if (heldCount(recordOf(slot)) != 0 || load<u32>(recordOf(slot) + pending) != 0) fail(Failure.Lost);
  }
}
