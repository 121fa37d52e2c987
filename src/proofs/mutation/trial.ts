/** One mutant before the claims: whether one of them finds it. */
import { CheckError, type ViolationKind } from "../../machines/checked/check.js";
import { createProgram, type Program } from "../../program/program.js";
import { type Protocol, proveProtocol } from "../protocol.js";
import { type Edit, rewrite } from "./rewrite.js";

/** What one claim says of a mutant. */
export interface Outcome {
  readonly claim: Protocol;
  /**
   * - `holds`: in all states, so that the claim does not tell the mutant from the original
   * - `unfinished`: in as many states as are explored; there are more
   * - `cannot begin`: its `init` fails, traps or does not end
   */
  readonly verdict: ViolationKind | "holds" | "unfinished" | "cannot begin";
  readonly states: number;
}

export function isFound({ verdict }: Outcome): boolean {
  return verdict !== "holds" && verdict !== "unfinished";
}

/**
 * Explores claims one after the other until one does not hold. `most`: states of each claim, after which it is given up.
 * What comes out depends on nothing but the mutant, the claims and that number.
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
  const outcomes: Outcome[] = [];
  for (const claim of claims) {
    const outcome = await explore(mutant, claim, most);
    outcomes.push(outcome);
    if (isFound(outcome)) break;
  }
  return outcomes;
}

async function explore(mutant: Program, claim: Protocol, most: number): Promise<Outcome> {
  const enough = new AbortController();
  const progress = ({ states }: { readonly states: number }) => {
    if (states > most) enough.abort();
  };
  try {
    const { violation, states } = await proveProtocol(
      mutant,
      claim,
      { model: "sc", mode: "states" },
      { signal: enough.signal, progress },
    );
    // One that was found between the last state that counts and the moment of giving up is none.
    if (states > most) return { claim, verdict: "unfinished", states: most };
    return { claim, verdict: violation?.kind ?? "holds", states };
  } catch (error) {
    if (enough.signal.aborted) return { claim, verdict: "unfinished", states: most };
    if (error instanceof CheckError) return { claim, verdict: "cannot begin", states: 0 };
    throw error;
  }
}
