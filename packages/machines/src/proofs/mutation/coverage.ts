/**
 * Which mutants a claim can find: none of which it executes nothing. The unchanged program says so itself, by a mark at each
 * place that some mutant changes.
 */
import { registerCodeOf } from "../../program/instantiate.js";
import { createProgram, type Program } from "../../program/program.js";
import { writeNumber } from "../../wasm/globals.js";
import { OPCODES } from "../../wasm/operators.js";
import type { Protocol } from "../protocol.js";
import type { Mutant } from "./mutants.js";
import { signed } from "./operators.js";
import { rewrite } from "./rewrite.js";
import { explore, UNCHANGED_INIT_LIMIT } from "./trial.js";

/** The event of these marks: none that the kernel has. */
const VISIT = 0xfffe;

/** The program with marks. */
export interface Marked {
  readonly program: Program;
  /** By their numbers: where the places begin, in the unmarked program's bytes. */
  readonly places: readonly number[];
}

export function markPlaces(program: Program, mutants: readonly Mutant[]): Marked {
  const places = [...new Set(mutants.flatMap(({ edits }) => edits.map(({ begin }) => begin)))];
  const mark = importedMark(program);
  const [constant] = OPCODES.get("i32.const")!;
  const [call] = OPCODES.get("call")!;
  const edits = places.map((begin, number) => ({
    begin,
    end: begin,
    bytes: [constant!, ...signed(BigInt(VISIT)), constant!, ...signed(BigInt(number)), call!, ...writeNumber(mark)],
  }));
  return { program: createProgram(program.name, rewrite(program.bytes, edits)), places };
}

/** The number of the imported function. */
function importedMark(program: Program): number {
  const { imports } = registerCodeOf(program).module;
  const mark = imports.findIndex(({ module, name }) => module === "machine" && name === "mark");
  if (mark < 0)
    throw new Error("Cannot mark places: received a program without machine.mark; expected that it imports it");
  return mark;
}

/**
 * The places that a claim executes in `most` states, and perhaps in some more.
 *
 * @throws {Error} if it cannot begin, so that nothing would tell a mutant from the unchanged program
 */
export async function executedPlaces({ program, places }: Marked, claim: Protocol, most: number): Promise<Set<number>> {
  const visited = new Set<number>();
  const onVisit = (number: number) => visited.add(places[number]!);
  const { verdict } = await explore(program, claim, most, {
    visits: { event: VISIT, onVisit },
    initLimit: UNCHANGED_INIT_LIMIT,
  });
  if (verdict === "cannot begin") {
    throw new Error(
      `Cannot try mutants: received a claim, ${claim.protocol}: ${claim.scenario}, of which init fails, or takes more ` +
        `than ${UNCHANGED_INIT_LIMIT} instructions; expected one that can begin`,
    );
  }
  return visited;
}
