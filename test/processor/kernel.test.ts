import { describe, expect, test } from "vitest";
import { loadKernel } from "#machines/program/kernel.js";
import { createMemory, importsOf, moduleOf } from "#machines/program/program.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";
import { ProcessorEngine } from "./engines.js";

const kernel = await loadKernel();
const code = createRegisterCode(kernel.bytes, kernel.sourceMap);

/** The kernel on both engines, as the only processor. */
function both() {
  const memory = createMemory(kernel);
  const nothing = () => 0;
  const machine = { processor: nothing, processors: () => 1, clock: nothing, counter: nothing };
  const messages = { send: nothing, receive: nothing };
  const said = { mark: nothing, invoke: nothing, result: nothing, fail: nothing };
  const silent = { pause: nothing, work: nothing, ...said, ...messages };
  const instance = new WebAssembly.Instance(
    moduleOf(kernel),
    importsOf(kernel.memory, memory, { ...machine, ...silent }),
  );
  const processor = new ProcessorEngine(code, createMemory(kernel), "stays", {
    machine: {
      processor: { kind: "constant per processor", value: () => 0 },
      processors: { kind: "constant per processor", value: () => 1 },
      pause: { kind: "delay", cycles: 1 },
      work: { kind: "delay by argument" },
    },
  });
  const call = (name: string, ...parameters: number[]): number => {
    const expected = (instance.exports[name] as (...parameters: number[]) => number | undefined)(...parameters);
    expect(processor.call(name, parameters), name).toEqual({ results: expected === undefined ? [] : [expected] });
    return expected ?? 0;
  };
  const compare = () => {
    const [ours, theirs] = [processor.memory, memory].map(({ buffer }) => Buffer.from(buffer));
    expect(ours!.equals(theirs!), "the memories are equal").toBe(true);
  };
  return { call, compare, processor };
}

describe("Processors.run of the kernel", () => {
  // Policies wait for a time, which does not pass here.
  test.each(kernel.algorithms.filter(({ kind }) => kind !== "policy").map(({ name }) => name))(
    "Processors.run leaves what the platform leaves after %s_run with one processor",
    (name) => {
      const { call, compare } = both();
      const prefix = name.replaceAll("-", "_");
      call("boot", 1);
      const { parameters } = code.module.functions[code.module.exports.get(`${prefix}_prepare`)!.index]!;
      const experiment = call(`${prefix}_prepare`, ...[1, 20, 3, 2, 1, 7].slice(0, parameters.length));
      call(`${prefix}_run`, experiment);
      compare();
    },
  );

  test("Processors.trapMessage names the function and the line that trapped", () => {
    const { call, processor } = both();
    call("boot", 1);
    expect(processor.call("mcs_acquire", [-16, 4])).toEqual({ trap: "memoryOutOfBounds" });
    expect(processor.processors.trapMessage(0)).toMatch(
      /^memory access out of bounds in kernel\/locks\/mcs\/acquire \(kernel\/atomics\.ts:\d+\)$/,
    );
  });

  test("Processors.where gives the calls that have not returned, the innermost first", () => {
    const { call, processor } = both();
    call("boot", 1);
    processor.call("mcs_pairs", [-16, 4, 1]);
    const places = processor.processors.where(0).map((pc) => code.locations.at(pc).function);
    expect(places).toEqual(["kernel/locks/mcs/acquire", "kernel/kinds/mcs.lock/mcs_pairs"]);
  });
});
