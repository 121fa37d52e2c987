import { describe, expect, test } from "vitest";
import type { BootOptions } from "#machines/machines/simulated/privileged/boot-run.js";
import { compileFile } from "../../machines/simulated/privileged/kernels.js";
import { machinesOf } from "../../random-cases.js";
import { boot, MACHINES, program } from "../os/booted.js";

const [client, server, lightClient, lightServer] = await Promise.all([
  program("calls-client"),
  program("calls-server"),
  compileFile("test/kernel/calls/programs/light-client.ts"),
  compileFile("test/kernel/calls/programs/light-server.ts"),
]);

const PROCEDURES = [0, 1, 2, 3, 5];

/** Boots the client and the server that are measured. */
const measured = (machine: string, arguments_: string, processors = 1) =>
  boot("calls", machine, [client, server], { arguments: `mechanism=lrpc ${arguments_}`, processors });

/** Boots the client that does what it should not, and two servers. */
const light = (machine: string, name: string, clients = 1, options: Partial<BootOptions> = {}, more = "") =>
  boot("calls", machine, [lightClient, lightServer, lightServer], {
    processors: 3,
    arguments: `mechanism=lrpc client=${name} clients=${clients} ${more}`,
    cycles: 1e9,
    ...options,
  });

describe.each(machinesOf(MACHINES, 2))("Lightweight calls on %s", (machine) => {
  test("get and give what they should", async () => {
    for (const procedure of PROCEDURES) {
      const { status, console } = await measured(machine, `procedure=${procedure} calls=5`);
      expect({ procedure, status, console }).toEqual({ procedure, status: 0, console: "" });
    }
  });

  test.each(["", "quantum=20000"])("of more clients than A-stacks, on four processors %s", async (more) => {
    const { status, console } = await measured(machine, `procedure=3 calls=20 clients=8 ${more}`, 4);
    expect({ status, console }).toEqual({ status: 0, console: "" });
  });

  test("are one trap, and no switch", async () => {
    const [few, many] = await Promise.all([20, 60].map((calls) => measured(machine, `calls=${calls}`)));
    expect(many!.processors[0]!.traps.SYSTEM_CALL - few!.processors[0]!.traps.SYSTEM_CALL).toBe(40);
    expect(many!.processors[0]!.contextSwitches).toBe(few!.processors[0]!.contextSwitches);
  });

  test.each([1, 2, 3, 5])("of %d clients go where a processor idles in the domain", async (clients) => {
    const { status, processors } = await measured(machine, `procedure=3 calls=50 clients=${clients} caching=1`, 4);
    expect(status).toBe(0);
    const switches = processors.map(({ contextSwitches }) => contextSwitches).reduce((a, b) => a + b, 0);
    // Each call of one client's is two exchanges, each of two switches, as soon as another processor idles there.
    if (clients === 1) expect(switches).toBeGreaterThan(4 * 40);
  });

  test("to a server of another machine go by message", async () => {
    const { status } = await measured(machine, "client=lrpcRemote servers=2 procedure=1 calls=20 clients=2", 2);
    expect(status).toBe(0);
  });

  test.each(["told", "forged", "stolen", "stacks", "late", "oversized"])("are validated: %s", async (name) => {
    const { status, console } = await light(machine, name);
    expect({ status, console }).toEqual({ status: 0, console: "" });
  });

  test("claim the linkage: a second one on the same A-stack is refused", async () => {
    expect((await light(machine, "twice", 2)).status).toBe(0);
  });

  test("fail when the server's domain faults, which says why", async () => {
    const { status, console } = await light(machine, "faults");
    expect({ status, console }).toEqual({ status: 0, console: "light-server.wasm: unreachable\n" });
  });

  test.each([
    ["terminated", 2, ""],
    ["terminated", 5, "quantum=20000"],
    ["nested", 2, "procedure=2"],
    ["nested", 2, "procedure=3"],
  ])("fail when a domain ends: %s, %d clients %s", async (name, clients, more) => {
    const { status, console } = await light(machine, name, clients, {}, more);
    expect({ status, console }).toEqual({ status: 0, console: "" });
  });

  test.each([
    ["terminated", 2, ""],
    ["terminated", 4, "quantum=20000"],
    ["nested", 2, "procedure=2"],
    ["nested", 2, "procedure=3"],
  ])("fail with caching, too: %s, %d clients %s", async (name, clients, more) => {
    const { status } = await light(machine, name, clients, { processors: 4 }, `caching=1 ${more}`);
    expect(status).toBe(0);
  });

  test.each([
    ["aborted", "procedure=0"],
    ["aborted", "procedure=1"],
    ["aborted", "procedure=0 caching=1"],
    ["aborted", "procedure=1 quantum=20000"],
    ["abortedAndTerminated", ""],
  ])("go on without a thread that a server keeps: %s %s", async (name, more) => {
    expect((await light(machine, name, 2, {}, more)).status).toBe(0);
  });

  test("of a client that ends take its threads with them", async () => {
    expect((await light(machine, "nested", 2, {}, "procedure=1")).status).toBe(2 * 128);
  });
});

describe("Lightweight calls", () => {
  test("find their translations where a processor idles in the domain: they miss none", async () => {
    const misses = async (calls: number, caching: number) => {
      const run = await measured("firefly-cvax", `calls=${calls} caching=${caching}`, 2);
      return run.processors.map(({ dataMisses, codeMisses }) => dataMisses + codeMisses).reduce((a, b) => a + b, 0);
    };
    expect((await misses(60, 1)) - (await misses(30, 1))).toBe(0);
    expect((await misses(60, 0)) - (await misses(30, 0))).toBeGreaterThan(30 * 10);
  });
});
