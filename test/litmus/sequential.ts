import { compileLitmus } from "#machines/litmus/compile.js";
import { Layout } from "#machines/litmus/layout.js";
import { parseLitmus } from "#machines/litmus/parse.js";
import { FinalStates } from "#machines/litmus/run.js";
import { moduleOf } from "#machines/program/program.js";

/** The final state of a test whose threads the platform's own engine runs one after the other. */
export function sequentialState(text: string): string {
  const test = parseLitmus("sequential.litmus", text);
  const layout = new Layout(test);
  const module = moduleOf(compileLitmus(test, layout));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  layout.initialize(memory);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const results = test.threads.map(({ number }) => [(exports[number] as () => unknown)() ?? []].flat() as bigint[]);
  const states = new FinalStates(test, layout);
  states.add({ results, memory });
  return states.sorted()[0]!.text;
}

/** An X86 test of one thread that shows these variables. */
export function oneThread(initial: string, instructions: readonly string[], shown: string): string {
  return `X86 T\n{ ${initial} }\n P0 ;\n${instructions.map((each) => ` ${each} ;\n`).join("")}locations [${shown}]`;
}
