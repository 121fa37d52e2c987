/** What browser.test.ts does twice: in Node, and bundled in a page. Each answer is data that can leave a page. */
import {
  check,
  createProgram,
  Experiments,
  findPreset,
  formatReplay,
  hashOf,
  litmus,
  loadKernel,
  replay,
  SimulatedMachine,
} from "landspout-machines";

/** What a lock of the kernel costs on a machine of the papers: every cycle and count of a run. */
export async function simulate(lock: string, machine: string) {
  const kernel = await loadKernel();
  const algorithm = kernel.algorithms.find(({ name }) => name === lock)!;
  const experiments = new Experiments(new SimulatedMachine(findPreset(machine)), kernel);
  return await experiments.workload(algorithm, { processors: 4, turns: 50, seed: 1, observed: true });
}

/** All executions of a program whose processors execute `run`, and what `final` says of each. */
export async function explore(bytes: readonly number[], processors: number, workers = 1) {
  const program = createProgram("total.wasm", new Uint8Array(bytes));
  const options = { processors, entries: "run", final: { entry: "final" }, workers };
  const { seconds: _, violation, ...covered } = await check(program, options);
  if (violation === undefined) return { covered };
  const text = formatReplay({ module: "total.wasm", hash: await hashOf(program), options, way: violation });
  return { covered, violation, text, replayed: replay(program, options, violation) };
}

/** The final states of a litmus test under total store order, as herd7 prints them. */
export async function run(text: string) {
  const { states, observation } = await litmus.runLitmus(litmus.parseLitmus("SB.litmus", text), "tso");
  return { states, observation };
}
