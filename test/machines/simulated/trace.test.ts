import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replayFiles } from "#machines/files/trace.js";
import { SnoopingBus } from "#machines/machines/simulated/memory/bus.js";
import { mesi } from "#machines/machines/simulated/memory/protocols/mesi.js";
import { TraceParser } from "#machines/machines/simulated/trace/parser.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landspout-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything that a parser makes of chunks, as `processor r|w high:low`. */
function parse(chunks: readonly (string | Buffer)[], processor?: number): string[] {
  const parser = new TraceParser("FILE", 4, processor);
  const seen: string[] = [];
  const drain = () => {
    for (let count = parser.parse(); count > 0; count = parser.parse()) {
      for (let i = 0; i < count; i++) {
        const words = `${(parser.high[i]! >>> 0).toString(16)}:${(parser.low[i]! >>> 0).toString(16)}`;
        seen.push(`${parser.processors[i]} ${parser.writes[i] ? "w" : "r"} ${words}`);
      }
    }
  };
  for (const chunk of chunks) {
    parser.push(Buffer.from(chunk));
    drain();
  }
  parser.end();
  drain();
  return seen;
}

describe("TraceParser", () => {
  test("reads addresses of up to 64 bits, with or without 0x, in either case", () => {
    const text = "0 r 0\n1 w 0xffffffffffffffff\n2 r 0XDeadBeef\n3 w 123456789abcdef0\n0 r 00000000000000ff\n";
    expect(parse([text])).toEqual([
      "0 r 0:0",
      "1 w ffffffff:ffffffff",
      "2 r 0:deadbeef",
      "3 w 12345678:9abcdef0",
      "0 r 0:ff",
    ]);
  });

  test("takes CRLF, blank lines, tabs, spaces around and a last line without an end", () => {
    const text = "\r\n0 r 10\r\n\n \t\n  1\tw  20 \t\r\n2 r 30";
    expect(parse([text])).toEqual(["0 r 0:10", "1 w 0:20", "2 r 0:30"]);
  });

  test("takes comments, processors as P0, capital letters, and a space after 0x, as other tools write them", () => {
    const text = "# cores 4\nP0 R 0x 25f1160\n\t# more\np1 W 0X\tABC # why\n2 r 1f#end\n#\n3 w 0";
    const expected = ["0 r 0:25f1160", "1 w 0:abc", "2 r 0:1f", "3 w 0:0"];
    expect(parse([text])).toEqual(expected);
    expect(parse(Array.from(Buffer.from(text), (byte) => Buffer.of(byte)))).toEqual(expected);
    expect(parse(["\ufeff# cores 1\n0 r 10\n"])).toEqual(["0 r 0:10"]);
    expect(() => parse(["0 r 10\n\ufeff0 r 10\n"])).toThrow(/line 2: /);
    expect(parse(["r 0x 25f1160\nW 10 # last"], 3)).toEqual(["3 r 0:25f1160", "3 w 0:10"]);
  });

  test("reads the trace of one processor without a number in its lines", () => {
    expect(parse(["r 10\nw 20\n"], 3)).toEqual(["3 r 0:10", "3 w 0:20"]);
  });

  test("reads the same from two chunks cut at every byte, and from single bytes", () => {
    const text = Buffer.from("0 r 0x1f\r\n\n3 w ffffffff00000001 \n 1 r 0\n2 w 0xabc");
    const whole = parse([text]);
    expect(whole).toHaveLength(4);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(parse([text.subarray(0, cut), text.subarray(cut)]), `cut at ${cut}`).toEqual(whole);
    }
    expect(parse(Array.from(text, (byte) => Buffer.of(byte)))).toEqual(whole);
  });

  test("reads more references than its batch takes, cut anywhere", () => {
    const line = (i: number) => `${i % 4} ${i % 3 === 0 ? "w" : "r"} ${i.toString(16)}`;
    const text = Array.from({ length: 20_000 }, (_, i) => `${line(i)}\n`).join("");
    const expected = Array.from({ length: 20_000 }, (_, i) => line(i).replace(/ ([0-9a-f]+)$/, " 0:$1"));
    const cuts = fc
      .array(fc.nat(text.length), { maxLength: 6, size: "max" })
      .map((points) => points.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, (points) => {
        const chunks = [...points, text.length].map((point, i) => text.slice(points[i - 1] ?? 0, point));
        expect(parse(chunks)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ["0 x 10", '"0 x 10"'],
    ["P r 10", '"P r 10"'],
    ["P4 r 10", '"P4 r 10"'],
    ["PP0 r 10", '"PP0 r 10"'],
    ["0 R10", '"0 R10"'],
    ["0 # r 10", '"0 # r 10"'],
    ["0 r # 10", '"0 r # 10"'],
    ["0 r 0x # 10", '"0 r 0x # 10"'],
    ["0 r 0x 10 20", '"0 r 0x 10 20"'],
    ["4 r 10", '"4 r 10"'],
    ["99999999999999999999 r 10", '"99999999999999999999 r 10"'],
    ["-1 r 10", '"-1 r 10"'],
    ["r 10", '"r 10"'],
    ["0 r", '"0 r"'],
    ["0 r ", '"0 r"'],
    ["0 r 0x", '"0 r 0x"'],
    ["0 r 10 20", '"0 r 10 20"'],
    ["0 r 10g", '"0 r 10g"'],
    ["0r 10", '"0r 10"'],
    ["0 r10", '"0 r10"'],
    ["0 r 12345678123456781", '"0 r 12345678123456781"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    ["\u0000\u0001", String.raw`"\u0000\u0001"`],
    [`0 r ${"1".repeat(100)}`, `"0 r ${"1".repeat(56)}..."`],
  ])("names the line of the malformed %j", (line, received) => {
    const message = `Cannot read FILE: line 3: received ${received}; expected "processor r|w hexaddress" with processor 0 to 3`;
    for (const text of [`0 r 1\n\n${line}\n0 r 2\n`, `0 r 1\n\n${line}`]) {
      expect(() => parse([text])).toThrow(message);
      expect(() => parse(Array.from(Buffer.from(text), (byte) => Buffer.of(byte)))).toThrow(message);
    }
  });

  test("names the form of a line in the trace of one processor", () => {
    expect(() => parse(["r 1\n0 r 1\n"], 0)).toThrow(
      'Cannot read FILE: line 2: received "0 r 1"; expected "r|w hexaddress"',
    );
  });

  test("refuses a line that does not end instead of holding it", () => {
    const parser = new TraceParser("FILE", 4);
    const spaces = Buffer.alloc(1000, " ");
    expect(() => {
      for (let i = 0; i < 100; i++) parser.push(spaces);
    }).toThrow(/line 1: received "\.\.\."/);
    expect(() => parse([`0 r 1${" ".repeat(10_000)}\n`])).toThrow(/line 1/);
  });
});

describe("replay", () => {
  const geometry = { size: 64, ways: 2, line: 16 };
  const trace = "0 r 0\n1 r 0\n1 w 0\n0 r 0\n2 w 10\n2 r 20\n";
  const write = (name: string, contents: string | Buffer) => {
    const file = join(folder, name);
    writeFileSync(file, contents);
    return file;
  };
  const counted = async (path: string, processors = 3) => {
    const bus = new SnoopingBus(mesi, processors, geometry);
    await replayFiles(path, bus);
    return bus.counters();
  };
  const expected = () => {
    const bus = new SnoopingBus(mesi, 3, geometry);
    for (const line of trace.trim().split("\n")) {
      const [processor, kind, address] = line.split(" ");
      bus.access(Number(processor), kind === "w" ? 1 : 0, 0, Number.parseInt(address!, 16));
    }
    return bus.counters();
  };

  test("replays a file in its order, packed or not, whatever it is called", async () => {
    expect(await counted(write("plain.gz", trace))).toEqual(expected());
    expect(await counted(write("packed", gzipSync(trace)))).toEqual(expected());
  });

  test("reads gzip of several members", async () => {
    const members = Buffer.concat([gzipSync(trace.slice(0, 9)), gzipSync(trace.slice(9))]);
    expect(await counted(write("packed", members))).toEqual(expected());
  });

  test("counts nothing in files that are empty or shorter than gzip's first bytes", async () => {
    for (const contents of ["", "\n", gzipSync("")]) {
      expect((await counted(write("empty", contents)))[0]).toMatchObject({ reads: 0, writes: 0 });
    }
  });

  test("takes the processors of a folder in turn, and goes on without those that have ended", async () => {
    write("p0.trace", "w 0\nw 0\nr 0\n");
    write("p1.trace.gz", gzipSync("r 0\n"));
    write("p2.trace", "r 10\nw 0\n");
    write("notes.txt", "not a trace");
    const bus = new SnoopingBus(mesi, 3, geometry);
    const order: [number, 0 | 1, number][] = [
      ...(
        [
          [0, 1, 0],
          [1, 0, 0],
          [2, 0, 0x10],
        ] as const
      ).map((turn) => [...turn] as [number, 0 | 1, number]),
      [0, 1, 0],
      [2, 1, 0],
      [0, 0, 0],
    ];
    for (const [processor, kind, address] of order) bus.access(processor, kind, 0, address);
    expect(await counted(folder)).toEqual(bus.counters());
  });

  test("takes turns over batches and chunks of different lengths", async () => {
    const lengths = [30_000, 7, 12_345];
    const kind = (i: number) => (i % 3 === 0 ? "w" : "r");
    for (const [p, length] of lengths.entries()) {
      const text = Array.from({ length }, (_, i) => `${kind(i + p)} ${((i * 13) % 256).toString(16)}\n`).join("");
      write(`p${p}.trace`, text);
    }
    const bus = new SnoopingBus(mesi, 3, geometry);
    for (let i = 0; i < Math.max(...lengths); i++) {
      for (const [p, length] of lengths.entries()) {
        if (i < length) bus.access(p, kind(i + p) === "w" ? 1 : 0, 0, (i * 13) % 256);
      }
    }
    expect(await counted(folder)).toEqual(bus.counters());
  });

  test("says what is wrong with a file", async () => {
    await expect(counted(join(folder, "none"))).rejects.toThrow(
      /Cannot read .*none: received ENOENT; expected a trace/,
    );
    const packed = gzipSync(trace.repeat(1000));
    await expect(counted(write("cut", packed.subarray(0, -9)))).rejects.toThrow(
      /Cannot read .*cut: received damaged gzip/,
    );
    const bad = write("bad", gzipSync(`${trace}0 r 0\n3 r 0\n`));
    await expect(counted(bad)).rejects.toThrow(
      /Cannot read .*bad: line 8: received "3 r 0"; .* with processor 0 to 2$/,
    );
  });

  test("says what is wrong with a folder", async () => {
    write("p0.trace", "r 0\n");
    await expect(counted(folder, 2)).rejects.toThrow(/received no p1.trace; expected p0.trace to p1.trace/);
    write("p1.trace", "r 0\nr g\n");
    await expect(counted(folder, 2)).rejects.toThrow(/p1.trace: line 2: received "r g"; expected "r|w hexaddress"$/);
    await expect(counted(folder, 1)).rejects.toThrow(/received p1.trace for 1 processors; expected p0.trace/);
    write("p1.trace.gz", gzipSync(""));
    await expect(counted(folder, 2)).rejects.toThrow(/received both p1.trace and p1.trace.gz/);
    rmSync(join(folder, "p1.trace.gz"));
    rmSync(join(folder, "p1.trace"));
    mkdirSync(join(folder, "p1.trace"));
    await expect(counted(folder, 2)).rejects.toThrow(/p1.trace: received EISDIR; expected a file that can be read/);
  });

  test("ends early with the signal's reason", async () => {
    const bus = new SnoopingBus(mesi, 3, geometry);
    const reason = new Error("enough");
    await expect(replayFiles(write("t", trace), bus, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("says how far it is, in bytes of the files", async () => {
    const file = write("long", "0 r 0\n".repeat(500_000));
    const seen: number[] = [];
    const bus = new SnoopingBus(mesi, 1, geometry);
    let now = 0;
    const clock = performance.now;
    performance.now = () => (now += 60);
    try {
      await replayFiles(file, bus, {
        progress: ({ done, total }) => {
          expect(total).toBe(3_000_000);
          seen.push(done);
        },
      });
    } finally {
      performance.now = clock;
    }
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThanOrEqual(3_000_000);
  });
});
