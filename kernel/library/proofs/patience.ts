/**
 * Patience, proven where one wait follows the other: who looks in vain becomes less patient, who finds it looks the next times,
 * too, and who does without looks by chance, as kernel/library/patience.ts has it.
 *
 *     SCENE | 0 |
 */
import { lookWhile, patience } from "../patience";
import { attach, create, me, nextIncarnation } from "../space";
import { begin, expectEqual, SCENE } from "./worker";

const word: usize = SCENE;
/** Another value than the word's. */
const OTHER: u32 = 1;

const PATIENCE: u32 = 4;
const PROBE: u32 = 32;
/** Waits of who does without, some of them by chance with a look. */
const WAITS: u32 = 200;

export function patience_prove_init(cores: u32): void {
  create(2, cores, 1, 0);
  attach(nextIncarnation(), true);
}

export function patience_prove_alone(): void {
  begin();
  expectEqual(patience, PATIENCE);
  lookWhile(word, OTHER);
  expectEqual(patience, PATIENCE);
  loseIt();
  let chance: u32 = 0;
  for (let i: u32 = 0; i < WAITS; i++) {
    chance = chance * 1664525 + 1013904223 + me;
    const looks = (chance >>> 16) % PROBE == 0;
    lookWhile(word, OTHER);
    expectEqual(patience, looks ? PATIENCE : 0);
    if (looks) loseIt();
  }
}

/** Looks in vain, until it does without. */
function loseIt(): void {
  for (let left = PATIENCE; left > 0; left--) {
    lookWhile(word, 0);
    expectEqual(patience, left - 1);
  }
}

/** Where there are too few cores nobody looks. */
export function patience_prove_crowded(): void {
  begin();
  lookWhile(word, 0);
  expectEqual(patience, PATIENCE);
}
