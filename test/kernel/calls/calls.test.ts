import { describe, expect, test } from "vitest";
import type { BootOptions } from "#machines/machines/simulated/privileged/boot-run.js";
import { compileFile } from "../../machines/simulated/privileged/kernels.js";
import { machinesOf } from "../../random-cases.js";
import { boot, MACHINES, program } from "../os/booted.js";

const [client, server, hello, dyingClient, dyingServer] = await Promise.all([
  program("calls-client"),
  program("calls-server"),
  program("hello"),
  compileFile("test/kernel/calls/programs/dying-client.ts"),
  compileFile("test/kernel/calls/programs/dying-server.ts"),
]);

const PROCEDURES = ["Null", "Add", "BigIn", "BigInOut"];
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** Boots the client and the server that are measured. */
const measured = (machine: string, arguments_: string, processors = 1) =>
  boot("calls", machine, [client, server], { arguments: arguments_, processors });

/** Calls after which everything is in caches and pages, and how much one more takes. */
async function perCall(machine: string, arguments_: string, processors = 1) {
  const [few, many] = await Promise.all(
    [20, 60].map(async (calls) => {
      const run = await measured(machine, `${arguments_} calls=${calls}`, processors);
      expect(run.status).toBe(0);
      const of = (count: (one: (typeof run.processors)[number]) => number) => sum(run.processors.map(count));
      return {
        traps: of(({ traps }) => traps.SYSTEM_CALL),
        switches: of(({ contextSwitches }) => contextSwitches),
        interrupts: of(({ interrupts }) => interrupts.processor),
        cycles: run.elapsed,
      };
    }),
  );
  const each = (key: keyof NonNullable<typeof few>) => (many![key] - few![key]) / 40;
  return {
    traps: each("traps"),
    switches: each("switches"),
    interrupts: each("interrupts"),
    cycles: each("cycles"),
  };
}

describe.each(machinesOf(MACHINES, 2))("Calls on %s", (machine) => {
  test.each(["message", "ppc"])("by %s: every procedure gets and gives what it should", async (mechanism) => {
    for (const procedure of PROCEDURES.keys()) {
      const { status, console } = await measured(machine, `mechanism=${mechanism} procedure=${procedure} calls=5`);
      expect({ procedure, status, console }).toEqual({ procedure, status: 0, console: "" });
    }
  });

  test.each(["message", "message lock=1", "message handoff=0", "message servers=1", "ppc", "ppc client=remote"])(
    "of four clients on four processors, by %s",
    async (mechanism) => {
      const { status, console } = await measured(machine, `mechanism=${mechanism} procedure=1 calls=30 clients=4`, 4);
      expect({ status, console }).toEqual({ status: 0, console: "" });
    },
  );

  test("by message are two traps and two switches", async () => {
    expect(await perCall(machine, "mechanism=message")).toMatchObject({ traps: 2, switches: 2, interrupts: 0 });
  });

  test("by ppc are one trap, no switch and no interrupt", async () => {
    expect(await perCall(machine, "mechanism=ppc")).toMatchObject({ traps: 1, switches: 0, interrupts: 0 });
  });

  test("by ppc on another processor are two interrupts, and two switches on each side", async () => {
    const call = await perCall(machine, "mechanism=ppc client=remote", 2);
    expect(call).toMatchObject({ traps: 1, switches: 4, interrupts: 2 });
  });
});

describe("Calls", () => {
  test.each([
    ["message", 0, ""],
    ["message", 1, "ABCEBCF"],
    ["message", 2, "ABCE"],
    ["message", 3, "ABCEBCF"],
    ["ppc", 1, ""],
    ["ppc", 2, "D"],
    ["ppc", 3, "DD"],
  ])("by %s of procedure %d are copied as the paper says: %s", async (mechanism, procedure, copies) => {
    let letters = "";
    const { status } = await boot("calls", "numachine", [client, server], {
      arguments: `mechanism=${mechanism} procedure=${procedure} calls=2`,
      onMark: (_, event, value) => {
        if (event === "Copy") letters += "ABCDEF"[value];
      },
    });
    expect(status).toBe(0);
    expect(letters).toBe(copies + copies);
  });

  test("by ppc do not disturb each other: four clients take as long as one", async () => {
    const [one, four] = [
      await perCall("numachine", "mechanism=ppc"),
      await perCall("numachine", "mechanism=ppc clients=4", 4),
    ];
    expect(four.cycles).toBeLessThan(one.cycles * 1.1);
  });

  test("by message with one lock for all do: no more get through from two processors on", async () => {
    const throughput = async (clients: number, lock: number) =>
      clients / (await perCall("firefly-cvax", `mechanism=message clients=${clients} lock=${lock}`, clients)).cycles;
    expect((await throughput(4, 1)) / (await throughput(2, 1))).toBeLessThan(1.2);
    expect((await throughput(4, 0)) / (await throughput(2, 0))).toBeGreaterThan(1.7);
  });

  test("go where data is, or have it come: from some lines on the first takes less time", async () => {
    const { console } = await measured("numachine", "mechanism=ppc client=shipping procedure=128 calls=3", 2);
    const rows = [...console.matchAll(/(\d+) lines: (\d+) cycles there, (\d+) here/g)].map((row) =>
      row.slice(1).map(Number),
    );
    expect(rows.map(([lines]) => lines)).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128]);
    expect(rows[0]![1]!).toBeGreaterThan(rows[0]![2]!);
    expect(rows.at(-1)![1]!).toBeLessThan(rows.at(-1)![2]!);
  });

  test.each(["mechanism=lrpd", "clients=0", "quantum=4999", "calls=", "what"])("are refused for %s", async (wrong) => {
    await expect(measured("numachine", wrong)).rejects.toThrow("BadArgument");
  });

  test("need a client and a server, which export what the mechanism is named for", async () => {
    await expect(boot("calls", "numachine", [client])).rejects.toThrow("NoImage");
    await expect(boot("calls", "numachine", [client, hello])).rejects.toThrow("NoFunction");
  });
});

const dying = (machine: string, mechanism: string, clients: number, options: Partial<BootOptions> = {}, more = "") =>
  boot("calls", machine, [dyingClient, dyingServer, dyingServer], {
    processors: 3,
    arguments: `mechanism=${mechanism} clients=${clients} ${more}`,
    cycles: 1e9,
    ...options,
  });

describe.each(machinesOf(MACHINES, 2))("A domain that ends on %s", (machine) => {
  test.each([
    ["message client=message_terminated", 2, ""],
    ["message client=message_terminated", 4, "servers=1"],
    ["message client=message_terminated", 3, "lock=1 servers=1"],
    ["message client=message_terminated", 3, "handoff=0"],
    ["ppc client=ppc_terminated", 2, ""],
    ["ppc client=ppc_terminated", 3, ""],
    ["ppc client=remote_terminated", 2, "quantum=10000"],
    ["ppc client=nested_terminated", 2, ""],
    ["ppc client=inner_terminated", 2, ""],
  ])("fails calls that are in it: %s, %d clients %s", async (mechanism, clients, more) => {
    const { status, console } = await dying(machine, mechanism, clients, {}, more);
    expect({ status, console }).toEqual({ status: 0, console: "" });
  });

  test("that is the client's takes its threads with it, wherever they are", async () => {
    expect((await dying(machine, "ppc client=client_terminated", 2)).status).toBe(2 * 128);
  });

  test.each(["message", "ppc"])("for a fault in a procedure fails the call by %s, and says why", async (mechanism) => {
    const { status, console } = await dying(machine, `${mechanism} client=${mechanism}_faults`, 1);
    expect({ status, console }).toEqual({ status: 0, console: "dying-server.wasm: unreachable\n" });
  });

  test("is not ended by calls that are refused", async () => {
    expect((await dying(machine, "ppc client=refused", 1)).status).toBe(0);
    expect((await dying(machine, "message client=refused procedure=1", 1)).status).toBe(0);
    expect((await dying(machine, "ppc client=recursion", 1)).status).toBe(0);
  });
});

describe.each(machinesOf(MACHINES, 2))("A processor that stops on %s", (machine) => {
  test("leaves its calls to others, and refuses all that come", async () => {
    const { status, console } = await dying(machine, "ppc client=processor_stops", 2);
    expect({ status, console }).toEqual({ status: 0, console: "" });
  });

  test("is not needed: threads are interrupted in their calls, and go on anywhere", async () => {
    const { status, console } = await dying(machine, "ppc client=many calls=10", 7, {}, "quantum=5000");
    expect({ status, console }).toEqual({ status: 0, console: "" });
  });
});
