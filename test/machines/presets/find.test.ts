import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InferOutput } from "valibot";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { findMachine } from "#machines/files/machine.js";
import type { DistributedArchitecture, MachineDescription } from "#machines/machines/presets/description.js";
import { MachineError, parseMachine } from "#machines/machines/presets/find.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import type { machineSchema } from "#machines/machines/presets/schema.js";
import { Cache } from "#machines/machines/simulated/memory/cache.js";

/** A preset with one field set, or left out where the value is undefined, as JSON. */
function changed(name: string, path: string, value: unknown): string {
  const machine = structuredClone(PRESETS.find((preset) => preset.name === name)!);
  const keys = path.split(".");
  const last = keys.pop()!;
  let inner = machine as unknown as Record<string, unknown>;
  for (const key of keys) inner = inner[key] as Record<string, unknown>;
  inner[last] = value;
  return JSON.stringify(machine);
}

describe("machineSchema", () => {
  test("describes exactly what MachineDescription does", () => {
    type Mutable<T> = T extends readonly (infer Element)[]
      ? Mutable<Element>[]
      : T extends object
        ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
        : T;
    expectTypeOf<Mutable<InferOutput<typeof machineSchema>>>().toEqualTypeOf<Mutable<MachineDescription>>();
  });
});

describe("parseMachine", () => {
  test.each(PRESETS.map((machine) => [machine.name, machine] as const))("takes %s back as it is", (_, machine) => {
    expect(parseMachine("my.json", JSON.stringify(machine))).toEqual(machine);
  });

  const cache = "architecture.cache";
  const directory = "architecture.coherence";
  const { privileged } = PRESETS.find(({ name }) => name === "numachine")!;
  test.each<[preset: string, field: string, value: unknown, received: string, expected: string]>([
    ["symmetry", "name", "My Machine", '"My Machine"', "lower-case letters, digits and hyphens"],
    ["symmetry", "title", 3, "3", "a text"],
    ["symmetry", "sources", "none", '"none"', "a list of texts"],
    ["symmetry", "processor", undefined, "nothing", "an object"],
    ["symmetry", "processor.maximum", 0, "0", "a whole number from 1 to 4096 processors"],
    ["symmetry", "processor.maximum", 4097, "4097", "a whole number from 1 to 4096 processors"],
    ["symmetry", "processor.megahertz", 0, "0", "more than 0 and at most 100000 cycles a microsecond"],
    ["symmetry", "processor.pause", 1.5, "1.5", "a whole number from 0 to 1000000 cycles"],
    ["symmetry", "processor.wake", undefined, "nothing", "a whole number from 0 to 1000000 cycles"],
    ["symmetry", "processor.wake", -1, "-1", "a whole number from 0 to 1000000 cycles"],
    ["symmetry", "processor.cores", 4, "an unknown field", "one of the fields maximum, megahertz, "],
    ["symmetry", "readModifyWrite.at", "bus", '"bus"', "one of cache, memory"],
    ["symmetry", "readModifyWrite.instructions.0", "swap", '"swap"', "one of exchange, add, subtract, and, or, xor, "],
    ["symmetry", "readModifyWrite.withoutResult.0", "exchange", '"exchange"', "each instruction once, in one of the"],
    ["symmetry", "readModifyWrite.instructions.1", "exchange", '"exchange"', "each instruction once, in one of the"],
    ["symmetry", "architecture", undefined, "nothing", "an object whose kind is one of bus, distributed, dance hall, "],
    ["symmetry", "architecture.kind", "ring", '"ring"', "an object whose kind is one of bus, distributed, dance hall"],
    ["symmetry", `${cache}.size`, 100, "100", "a power of two from 1 to 1073741824 bytes"],
    ["symmetry", `${cache}.size`, 2 ** 31, "2147483648", "a power of two from 1 to 1073741824 bytes"],
    ["symmetry", `${cache}.line`, 24, "24", "a power of two from 1 to 65536 bytes, the cache's size"],
    ["symmetry", `${cache}.ways`, 3, "3", "a power of two from 1 to 4096 lines, all that fit into 65536 bytes"],
    ["symmetry", `${cache}.ways`, 8192, "8192", "a power of two from 1 to 4096 lines"],
    [
      "symmetry",
      `${cache}.protocol`,
      "mesl",
      '"mesl"',
      "one of msi, msi-upgrade, mosi, mesi, mesif, moesi, moesif, firefly, dragon",
    ],
    ["symmetry", "architecture.bus.mode", "packet", '"packet"', "one of atomic, split"],
    ["symmetry", "architecture.memory.occupancy", 17, "17", "at most the latency, 16"],
    ["symmetry", "architecture.bus.separateWriteBack", false, "false", "true, or left out"],
    ["symmetry", "architecture.network", {}, "an unknown field", "one of the fields kind, cache, bus, memory"],
    ["symmetry", "readModifyWrite.at", "memory", '"memory"', "cache, because caches are coherent"],
    ["symmetry", "processor.maximum", 1025, "1025", "at most 1024 on a bus"],
    ["symmetry", "architecture.bus.arbitration", 0, "0", "a whole number from 1 to 1000000 cycles"],
    ["dash", "readModifyWrite.at", "memory", '"memory"', "cache, because caches are coherent"],
    ["dash", "architecture.coherence.occupancy", 0, "0", "a whole number from 1 to 1000000 cycles"],
    ["ultracomputer", "architecture.network.kind", "mesh", '"mesh"', "one of bus, crossbar, butterfly, which have two"],
    ["ultracomputer", "architecture.network.kind", "ring", '"ring"', "one of bus, crossbar, butterfly, which have two"],
    ["butterfly", "readModifyWrite.at", "cache", '"cache"', "memory, because nothing is cached"],
    ["butterfly", "architecture.memory.occupancy", 7, "7", "at most the latency, 6"],
    ["butterfly", "architecture.network.radix", undefined, "nothing", "the inputs and outputs of a butterfly's switch"],
    ["butterfly", "architecture.network.radix", 1, "1", "a whole number from 2 to 64 inputs and outputs of a switch"],
    ["dash", "architecture.network.radix", 4, "4", "nothing, because a mesh has no such switches"],
    ["butterfly", "architecture.network.retry", 0, "0", "a whole number from 1 to 1000000 cycles"],
    ["dash", "architecture.network.retry", 20, "20", "nothing, except for a butterfly between distributed memories"],
    ["cluster", "architecture.network.retry", 20, "20", "nothing, except for a butterfly between distributed memories"],
    ["ultracomputer", "architecture.network.retry", 20, "20", "nothing, except for a butterfly between distributed"],
    ["dash", "processor.maximum", 63, "63", "a multiple of the 4 processors of architecture.node"],
    ["dash", "architecture.node.controller", 18, "18", "nothing, because there is a directory, which has an occupancy"],
    ["butterfly", "architecture.node.controller", -1, "-1", "a whole number from 0 to 1000000 cycles"],
    ["dash", `${directory}.hops`, 2, "2", "one of 3, 4"],
    ["dash", `${directory}.cache.protocol`, "firefly", '"firefly"', "one of msi, msi-upgrade, mosi, mesi, moesi"],
    ["dash", `${directory}.cache.protocol`, "dragon", '"dragon"', "one of msi, msi-upgrade, mosi, mesi, moesi"],
    ["dash", `${directory}.cache.line`, 0, "0", "a power of two"],
    ["ultracomputer", "architecture.modules", 0, "0", "a whole number from 1 to 4096 memory modules"],
    ["ultracomputer", "architecture.network.radix", undefined, "nothing", "the inputs and outputs"],
    ["cluster", "architecture.network.kind", "tree", '"tree"', "one of bus, crossbar, butterfly, mesh, ring"],
    ["cluster", "architecture.network.radix", undefined, "nothing", "the inputs and outputs"],
    [
      "firefly",
      "readModifyWrite.linked",
      true,
      "true",
      "nothing, except with caches that invalidate: msi, msi-upgrade, mosi, mesi, mesif, moesi, moesif",
    ],
    ["butterfly", "readModifyWrite.linked", true, "true", "nothing, except with caches that invalidate"],
    ["dash", "readModifyWrite.linked", 1, "1", "true, or left out"],
    ["numachine", "privileged.page", 256, "256", "a power of two from 512 to 16384 bytes"],
    ["numachine", "privileged.page", 32768, "32768", "a power of two from 512 to 16384 bytes"],
    ["numachine", "privileged.page", 3000, "3000", "a power of two from 512 to 16384 bytes"],
    ["numachine", "privileged.page", "4 KB", '"4 KB"', "a power of two of bytes"],
    ["numachine", "privileged.tlb.entries", 0, "0", "a whole number from 1 to 4096 entries"],
    ["numachine", "privileged.tlb.ways", 96, "96", "a divisor of the 48 entries that makes a power of two of sets"],
    ["numachine", "privileged.tlb.ways", 16, "16", "a divisor of the 48 entries that makes a power of two of sets"],
    ["numachine", "privileged.tlb.ways", 5, "5", "a divisor of the 48 entries that makes a power of two of sets"],
    ["numachine", "privileged.tlb.pages", 4, "4", "one of 1, 2"],
    ["numachine", "privileged.tlb.replacement", "fifo", '"fifo"', "one of random, least recently used, not last used"],
    ["numachine", "privileged.reload", "hardware", '"hardware"', '"software", or an object with the field overhead'],
    ["numachine", "privileged.spaces", 0, "0", "a whole number from 1 to 65536 spaces"],
    ["numachine", "privileged.interrupt.way", 0, "0", "a whole number from 1 to 1000000 cycles"],
    ["numachine", "privileged.disk.seek.most", 149_999, "149999", "at least the seek to the next track, 150000"],
    ["numachine", "privileged.disk.track", 6144, "6144", "a multiple of the page, 4096 bytes, which is a block"],
    ["numachine", "privileged.mappedKernel", true, "true", "an object with the fields miss"],
    [
      "cluster",
      "privileged",
      privileged,
      `${JSON.stringify(privileged).slice(0, 60)}...`,
      "nothing, because the processors of a cluster share no memory",
    ],
    ["cluster", "architecture.messages.send", "1", '"1"', "a whole number from 0 to 1000000 cycles"],
  ])("refuses %s with %s set to %j", (preset, field, value, received, expected) => {
    const parse = () => parseMachine("my.json", changed(preset, field, value));
    expect(parse).toThrow(MachineError);
    expect(parse).toThrow(`Cannot read machine my.json: ${field}: received ${received}; expected ${expected}`);
  });

  test("takes a dance hall with coherent caches only with a directory of 4 hops", () => {
    const dash = PRESETS.find(({ name }) => name === "dash")!;
    const danceHall = (hops: 3 | 4) => {
      const machine = JSON.parse(changed("ultracomputer", "readModifyWrite.at", "cache"));
      machine.architecture.coherence = { ...(dash.architecture as DistributedArchitecture).coherence, hops };
      return JSON.stringify(machine);
    };
    expect(parseMachine("my.json", danceHall(4)).architecture).toMatchObject({ coherence: { hops: 4 } });
    expect(() => parseMachine("my.json", danceHall(3))).toThrow(
      "Cannot read machine my.json: architecture.coherence.hops: received 3; expected 4, because caches reach only the",
    );
  });

  test("takes pages that have a line, and TLBs whose sets can replace an entry", () => {
    const kernels = (line: number, page: number, tlb = {}) => {
      const machine = JSON.parse(changed("numachine", `${directory}.cache.line`, line));
      Object.assign(machine.privileged, { page, tlb: { ...machine.privileged.tlb, ...tlb } });
      return () => parseMachine("my.json", JSON.stringify(machine));
    };
    for (const page of [512, 1024, 2048, 4096, 8192, 16_384]) kernels(512, page)();
    kernels(2048, 2048)();
    expect(kernels(2048, 1024)).toThrow(
      "Cannot read machine my.json: privileged.page: received 1024; expected a power of two from 512 to 16384 bytes, no " +
        "less than a line of 2048",
    );
    for (const ways of [3, 6, 12, 24, 48]) kernels(128, 4096, { ways })();
    expect(kernels(128, 4096, { entries: 64, ways: 1 })).toThrow(
      "Cannot read machine my.json: privileged.tlb.ways: received 1; expected at least 2, so that a function's page does " +
        "not take the place of the page that it refers to",
    );
  });

  test("takes exactly the cache geometries that a cache takes", () => {
    const values = [0, 1, 3, 4, 16, 64, 128];
    for (const size of values) {
      for (const ways of values) {
        for (const line of values) {
          const text = changed("symmetry", cache, { size, ways, line, hit: 0, protocol: "msi" });
          const taken = attempt(() => parseMachine("my.json", text));
          expect(taken, `${size} bytes, ${ways} ways, ${line} bytes a line`).toBe(
            attempt(() => new Cache({ size, ways, line })),
          );
        }
      }
    }
  });

  test.each([
    ["", /^Cannot read machine my\.json: received text with the error ".+"; expected JSON$/],
    ['{\n"name":\n}', /^Cannot read machine my\.json: received text with the error ".+"; expected JSON$/],
    ["3", /^Cannot read machine my\.json: the whole: received 3; expected an object with the fields name, title, /],
    ["null", /^Cannot read machine my\.json: the whole: received null; expected an object/],
    [`"${"x".repeat(1000)}"`, /^Cannot read machine my\.json: the whole: received "x{59}\.\.\.; expected/],
  ])("refuses %j in one line", (text, message) => {
    expect(() => parseMachine("my.json", text)).toThrow(message);
  });
});

function attempt(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

describe("findMachine", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "landspout-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("finds every preset by its name, and no two have the same", async () => {
    const names = PRESETS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const machine of PRESETS) expect(await findMachine(machine.name)).toBe(machine);
  });

  test("reads a file that describes a machine", async () => {
    const file = join(folder, "mine.json");
    writeFileSync(file, changed("dash", "name", "mine"));
    expect((await findMachine(file)).name).toBe("mine");
  });

  test("names the known machines for one that is unknown", async () => {
    await expect(findMachine("cray")).rejects.toThrow(
      /^Cannot find machine "cray": received an unknown name; expected one of symmetry, firefly, .+, or a \.json file$/,
    );
  });

  test("says so where there is no such file", async () => {
    const file = join(folder, "none.json");
    await expect(findMachine(file)).rejects.toThrow(
      `Cannot read machine ${file}: received ENOENT; expected a file that describes a machine`,
    );
  });
});
