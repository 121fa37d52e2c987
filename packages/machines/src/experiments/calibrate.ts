import type { NativeMachine } from "../machines/native/machine.js";
import type { MachineDescription } from "../machines/presets/description.js";
import { describeComputer } from "../machines/presets/this-computer.js";
import type { Kernel } from "../program/kernel.js";
import { createMemory } from "../program/program.js";
import { PAGE } from "../wasm/module.js";
import { hostInstance } from "./kernel-host.js";
import { summarize } from "./measurement.js";

/** One more goes before them, in which threads start and code and data come into the caches. */
const ROUNDS = 11;

/** Of each round; together some tens of milliseconds. */
const INSTRUCTIONS = 400_000;
const REFERENCES = 20_000;
const PAUSES = 2_000;
const TRIPS = 2_000;
/** A sleeper takes a thousand times as long as a spinner to notice. */
const WAKING_TRIPS = 50;

/** Bytes that no core's own caches hold, and whose pages its translation caches nearly do. */
const BLOCK = 8 << 20;
/** Bytes between the words of the chase: some processors fetch lines in pairs. */
const STRIDE = 128;
const WORDS = BLOCK / STRIDE;
/**
 * A linear congruential sequence of full period modulo powers of two (Hull & Dobell, 1962), with no stride to predict.
 */
const MULTIPLIER = 25_173;
const INCREMENT = 13_849;

/**
 * Measures this computer's base costs and makes the machine of them that the simulated machine takes: medians of 11
 * rounds, about a second. With one core, what a line takes to another one is assumed. The computer should be at rest.
 *
 * @throws {Error} what the native machine's run throws
 */
export async function calibrate(native: NativeMachine, kernel: Kernel): Promise<MachineDescription> {
  const memory = createMemory(kernel);
  const host = hostInstance(kernel, memory);
  host.boot(2);
  const block = memory.grow(BLOCK / PAGE) * PAGE;
  const own = host.shared(4);
  const words = new Uint32Array(memory.buffer);
  words[own / 4] = own;
  for (let word = 0; word < WORDS; word++) {
    words[(block + word * STRIDE) / 4] = block + ((word * MULTIPLIER + INCREMENT) % WORDS) * STRIDE;
  }
  /** Nanoseconds by `operations` operations. */
  const time = async (operations: number, entry: string, processors: number, parameters: number[]) => {
    const run = await native.run(kernel, entry, { processors, arguments: parameters, memory });
    return Math.max(...run.durations.map((duration) => duration!)) / operations;
  };
  const measureRound = async () => ({
    instruction: await time(INSTRUCTIONS, "probe_instructions", 1, [INSTRUCTIONS]),
    hit: await time(REFERENCES, "probe_chase", 1, [own, REFERENCES]),
    miss: await time(WORDS, "probe_chase", 1, [block, WORDS]),
    readModifyWrite: await time(REFERENCES, "probe_read_modify_writes", 1, [host.shared(4), REFERENCES]),
    pause: await time(PAUSES, "probe_pauses", 1, [PAUSES]),
    wake: await time(2 * WAKING_TRIPS, "probe_wakes", 2, [host.shared(4), WAKING_TRIPS]),
    // Two that spin on one core would wait for the operating system to take turns.
    ...(native.cores > 1 && { handOff: await time(2 * TRIPS, "probe_round_trips", 2, [host.shared(4), TRIPS]) }),
  });
  await measureRound();
  const rounds: Awaited<ReturnType<typeof measureRound>>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound());
  const median = (figure: (round: (typeof rounds)[number]) => number) => summarize(rounds.map(figure))!.median;
  return describeComputer({
    cpu: native.title,
    cores: native.cores,
    conditions: `medians of ${ROUNDS} rounds, threads ${native.pinned ? "" : "not "}pinned`,
    instruction: median((round) => round.instruction),
    hit: median((round) => round.hit),
    miss: median((round) => round.miss),
    readModifyWrite: median((round) => round.readModifyWrite),
    pause: median((round) => round.pause),
    wake: median((round) => round.wake),
    ...(native.cores > 1 && { handOff: median((round) => round.handOff!) }),
  });
}
