/** One mutant before the claims: whether one of them finds it. */
import { CheckError, type CheckOptions, UnexploredError, type ViolationKind } from "../../machines/checked/index.js";
import { createProgram, type Program } from "../../program/program.js";
import { type Protocol, proveProtocol } from "../protocol.js";
import { type Edit, rewrite } from "./rewrite.js";

/** What one claim says of a mutant. */
export interface Outcome {
  readonly claim: Protocol;
  /**
   * - `holds`: in all states, so that the claim does not tell the mutant from the original
   * - `unfinished`: in as many states as are explored, or as fit into memory; there are more
   * - `not executed`: it executes nothing of what the mutant changes; it is not explored
   * - `cannot begin`: its `init` fails, traps or does not end
   */
  readonly verdict: ViolationKind | "holds" | "unfinished" | "not executed" | "cannot begin";
  readonly states: number;
}

export function isFound({ verdict }: Outcome): boolean {
  return verdict !== "holds" && verdict !== "unfinished" && verdict !== "not executed";
}

/** Most mutants are found in a few states: all claims look at so many first, and only then at as many as they may. */
const FIRST_PART = 1 / 20;

/**
 * Explores claims, in their order, until one does not hold. `most`: states of each claim, after which it is given up.
 * Whether one is found depends on nothing but the mutant, the claims and that number, as long as they fit into memory.
 *
 * @throws {WebAssembly.CompileError} if the mutant is no module
 */
export async function tryMutant(
  program: Program,
  edits: readonly Edit[],
  claims: readonly Protocol[],
  most: number,
): Promise<Outcome[]> {
  const mutant = createProgram(program.name, rewrite(program.bytes, edits));
  const outcomes = new Map<Protocol, Outcome>();
  for (const states of [Math.ceil(most * FIRST_PART), most]) {
    for (const claim of claims) {
      if (outcomes.has(claim) && outcomes.get(claim)!.verdict !== "unfinished") continue;
      const outcome = await explore(mutant, claim, states);
      // One that finds the mutant is the last.
      outcomes.delete(claim);
      outcomes.set(claim, outcome);
      if (isFound(outcome)) return [...outcomes.values()];
    }
  }
  return claims.map((claim) => outcomes.get(claim)!);
}

/** Bytes of the states of one claim: a mutant whose one step does not end has no other bound. */
const MEMORY_LIMIT = 512 << 20;
/** Instructions of a mutant's `init`, which may go on for ever. */
const INIT_LIMIT = 20_000_000;
/** Those of the program without mutants, with marks: a mutant may take some times as many before it is given up. */
export const UNCHANGED_INIT_LIMIT = INIT_LIMIT / 4;

/** Explores one claim; `visits`: of marked places. */
export async function explore(
  program: Program,
  claim: Protocol,
  most: number,
  { visits, initLimit = INIT_LIMIT }: Pick<CheckOptions, "visits" | "initLimit"> = {},
): Promise<Outcome> {
  const enough = new AbortController();
  const progress = ({ states }: { readonly states: number }) => {
    if (states > most) enough.abort();
  };
  try {
    const { violation, states } = await proveProtocol(
      program,
      claim,
      { model: "sc", mode: "states" },
      { signal: enough.signal, progress, memoryLimit: MEMORY_LIMIT, initLimit, ...(visits && { visits }) },
    );
    // One that was found between the last state that counts and the moment of giving up is none.
    if (states > most) return { claim, verdict: "unfinished", states: most };
    return { claim, verdict: violation?.kind ?? "holds", states };
  } catch (error) {
    if (enough.signal.aborted || error instanceof UnexploredError)
      return { claim, verdict: "unfinished", states: most };
    if (error instanceof CheckError) return { claim, verdict: "cannot begin", states: 0 };
    throw error;
  }
}
