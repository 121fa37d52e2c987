import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bootNativeCalls, evaluateNativeCalls, type NativeCallsCode } from "#machines/experiments/native-calls.js";
import { loadProgram } from "#machines/files/program.js";
import { NativeMachine } from "#machines/index.js";
import { nativeCallTable } from "#machines/report/calls.js";

const CODE = new URL("../../packages/machines/dist/native-calls/", import.meta.url);
const compiled = (name: string) => new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, CODE)));
const code: NativeCallsCode = {
  kernel: compiled("kernel"),
  client: compiled("client"),
  server: compiled("server"),
  exchange: await loadProgram(new URL("exchange.wasm", CODE)),
};

const BAD_BINDING = -0x7fff_0002;
const BAD_A_STACK = -0x7fff_0006;
const [NULL, BIG_IN_OUT, PROCEDURES] = [0, 3, 6];

describe("A lightweight call on this computer", () => {
  const client = bootNativeCalls(code);
  const number = client.number!();
  const aStack = client.first_a_stack!(NULL);

  test.each(["try_checked", "try_lrpc"])("by %s is refused with a binding that is not the client's", (entry) => {
    expect(client[entry]!(number, NULL, aStack)).toBe(0);
    const forged = [0, number + 1, number - 1, number ^ 0x100, number ^ 0x4000_0000, number ^ 0x8000_0000];
    for (const other of forged) expect(client[entry]!(other, NULL, aStack), `${other}`).toBe(BAD_BINDING);
  });

  test.each(["try_checked", "try_lrpc"])("by %s is refused with another procedure or A-stack", (entry) => {
    expect(client[entry]!(number, PROCEDURES, aStack)).toBe(BAD_BINDING);
    const big = client.first_a_stack!(BIG_IN_OUT);
    for (const other of [0, aStack + 4, aStack - 16, big, 0xffff_fff0]) {
      expect(client[entry]!(number, NULL, other), `${other}`).toBe(BAD_A_STACK);
    }
    // The server's domain was not entered: the next call is the client's.
    expect(client[entry]!(number, NULL, aStack)).toBe(0);
  });

  test("has the server's answers, each way, as often as one calls", () => {
    for (const way of ["direct", "checked", "lrpc"]) {
      expect(client[`${way}_null`]!(100), way).toBe(0);
      expect(client[`${way}_big`]!(100), way).toBe(0);
    }
  });

  test("is measured beside the direct one, and messages to another thread", async () => {
    await using machine = new NativeMachine({ pin: false });
    const steps: number[] = [];
    const rows = await evaluateNativeCalls(machine, code, {
      ...{ rounds: 2, milliseconds: 1, seed: 7 },
      progress: ({ done, total }) => steps.push(total - done),
    });
    expect(steps).toEqual([3, 2, 1]);
    const ways = new Set(rows.map(({ algorithm, detail }) => `${algorithm}: ${detail}`));
    const expected = ["direct call", "checked binding", "lrpc", "message, sleeping"];
    if (machine.cores > 1) expected.push("message, spinning");
    expect(ways).toEqual(new Set(expected.flatMap((way) => [`${way}: Null`, `${way}: BigInOut`])));
    expect(rows).toHaveLength(2 * ways.size);
    for (const row of rows) {
      expect(row).toMatchObject({ machine: "native", workload: "call", metric: "callCycles", unit: "ns", seed: 7 });
      expect(row.value).toBeGreaterThan(0);
    }
    const table = nativeCallTable(rows);
    expect(table.rows.map(([call]) => call)).toEqual([...ways]);
    expect(table.rows[0]![3]).toBe("1.0");
  });

  test("that has wrong answers is no measurement", async () => {
    await using machine = new NativeMachine({ pin: false });
    const run = machine.run.bind(machine);
    machine.run = async (...parameters) => ({ ...(await run(...parameters)), results: [1, 0] });
    await expect(evaluateNativeCalls(machine, code, { rounds: 1, milliseconds: 1, seed: 1 })).rejects.toThrow(
      /^Cannot measure calls, message, .*: received 1 wrong answers; expected none$/,
    );
  });
});
