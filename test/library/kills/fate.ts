/**
 * Which death a worker dies, and what is known of it: words of a buffer that belongs to no space, so that nothing that the
 * library does can harm them.
 *
 *     control | worker 0: POINTS, FROZEN, STEP, ... | worker 1 | ... |          WORDS each
 *
 *     points  0 ..             instructions of the kernel, see instrument.ts
 *             then             before the first export of the kernel is called, after it returned, before the second ...
 *             last             the program's own code: between two calls of the library, or inside of a critical section
 */
export const WORDS = 8;
/** Points that the worker has passed. */
export const POINTS = 0;
/** One more than the point at which it stands for ever, or SOMEWHERE; 0 while it goes on. */
export const FROZEN = 1;
export const SOMEWHERE = -1;
/** One more than the number of the step that it is in, 0 between two; see steps.ts. */
export const STEP = 2;
/** Stays 0: who waits here waits in vain. */
export const NEVER = 3;

export interface Fate {
  /**
   * `terminated`: it stops at the point, for ever, and another thread ends it. `memory`: it uses up its memory there.
   * `exits`, `throws`: it does so in the program's own code, the first time after the point.
   */
  readonly how: "terminated" | "memory" | "exits" | "throws";
  /** From when on it may die: before it attaches, or when it begins with its steps. */
  readonly from: "attach" | "steps";
  /** How many points it passes from then on. */
  readonly after: number;
  /** It passes on where others have died before, for a while: so that deaths spread over the points. */
  readonly spreads?: true;
  /** The one that it then stops at; absent: the next. */
  readonly at?: number;
  /** Who exits repairs what it leaves: how many points it passes in that before it stops; absent: it goes through with it. */
  readonly exit?: number;
}

/** How a worker lives. */
export interface Life {
  readonly seed: number;
  /** It pauses at one of so many points, on average. */
  readonly pauseEvery: number;
  readonly fate?: Fate;
}

/** Of an instrumented module: where exports' points begin, and the program's own. */
export function numbering(instructions: number, exports: number): { exports: number; program: number; all: number } {
  const program = instructions + 2 * exports;
  return { exports: instructions, program, all: program + 1 };
}
