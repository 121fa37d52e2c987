import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, formatReplay, hashOf, parseReplay, type Replay, replay } from "#machines/machines/checked/index.js";
import { checkAll, entriesOf, parallel, X, Y } from "./programs.js";

/** The accesses of a schedule's steps, or what another of their columns says. */
async function trace(bodies: readonly string[], schedule: readonly number[], more = "", model: "sc" | "tso" = "sc") {
  const program = parallel(bodies, `${more}(func (export "never") (result i32) (i32.const 0))`);
  const way = { schedule, repeated: 0, shared: [64, 128, 132, 136] };
  const options = { entries: entriesOf(program), model, final: { entry: "never" }, races: false } as const;
  return replay(program, options, way)!.steps;
}

const set = (word: string) => `(i32.atomic.store ${word} (i32.const 1))`;
const wait = `(drop (memory.atomic.wait32 ${X} (i32.const 0) (i64.const -1)))`;
const notify = `(drop (memory.atomic.notify ${X} (i32.const 1)))`;

describe("replay", () => {
  test("replay wakes those first who fell asleep first", async () => {
    const bodies = [wait, wait, `${notify} ${notify}`];
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const steps = await trace(bodies, [first, second, 2, 2]);
      expect(steps.map(({ access }) => access).slice(2)).toEqual([
        `notify 0x40, 1 -> woke ${first}`,
        `notify 0x40, 1 -> woke ${second}`,
      ]);
      expect(steps[1]!.reason).toBe(`processor ${first} sleeps at 0x40`);
    }
  });

  test("replay says what each access does, in the program's names", async () => {
    const names = `(global (export "lock") i32 ${X}) (global (export "table") i32 ${Y}) (global (export "Event.Done") i32 (i32.const 2))`;
    const body = `
      (drop (i32.atomic.rmw.xchg ${X} (i32.const 1)))
      (drop (i32.atomic.rmw8.sub_u offset=4 ${Y} (i32.const 1)))
      (drop (i64.atomic.rmw.cmpxchg ${Y} (i64.const 0xff00000000) (i64.const 7)))
      (call $mark (i32.const 2) (i32.const 5))
      (i64.store offset=1 ${Y} (i64.const -1))
      (drop (i32.load16_u ${Y}))`;
    const steps = await trace([body, `(drop (i32.load ${X})) (drop (i64.load ${Y}))`], [0, 0, 0, 0, 0, 1, 1], names);
    expect(steps.map(({ transition, access }) => `${transition} ${access}`)).toEqual([
      "0 fetch_and_store32 lock (0x40), 1 -> 0",
      "1 fetch_and_subtract8 table+4 (0x84), 1 -> 0",
      "2 compare_and_swap64 table (0x80), 0xff00000000, 7 -> 0xff00000000",
      "2 mark(Event.Done, 5)",
      "3 plain store64 table+1 (0x81) <- 0xffffffffffffffff",
      "4 plain load16 table (0x80) -> 0xff07",
      "5 plain load32 lock (0x40) -> 1",
      "6 plain load64 table (0x80) -> 0xffffffffffffff07",
    ]);
  });

  test("replay says why it was a processor's turn", async () => {
    const spin = `(loop $again (br_if $again (i32.eqz (i32.atomic.load ${X}))))`;
    const reasons = (await trace([spin, `${set(Y)} ${set(X)} (drop (i32.load ${Y}))`], [0, 1, 0, 1, 0, 1])).map(
      ({ reason }) => reason,
    );
    expect(reasons).toEqual([
      "begins",
      "processor 0 spins on 0x40",
      "preempts processor 1 before its atomic store32 0x40 <- 1",
      "processor 0 spins on 0x40",
      "preempts processor 1 before its plain load32 0x80",
      "processor 0 has ended",
    ]);
  });

  test("replay shows stores that wait in buffers", async () => {
    const plain = (mine: string, other: string) => `(i32.store ${mine} (i32.const 1)) (drop (i32.load ${other}))`;
    const steps = await trace([plain(X, Y), `${plain(Y, X)} (atomic.fence)`], [0, 1, 1, 3, 1, 0, 2], "", "tso");
    expect(steps.map(({ access }) => access)).toEqual([
      "plain store32 0x40 <- 1 (into the store buffer)",
      "plain store32 0x80 <- 1 (into the store buffer)",
      "plain load32 0x40 -> 0",
      "store buffer -> memory: 0x80 <- 1",
      "fence",
      "plain load32 0x80 -> 1",
      "store buffer -> memory: 0x40 <- 1",
    ]);
  });

  test("replay refuses a schedule that is another program's", async () => {
    await expect(trace([wait, notify], [0, 0])).rejects.toThrow(
      "Cannot replay step 2: received transition 0; expected one of 1, which are possible there",
    );
    await expect(trace([set("(i32.const 4)"), set("(i32.const 4)")], [])).rejects.toThrow(
      "Cannot replay: received 4 shared words; expected that 0x4 is one of them",
    );
    await expect(trace([set(X), set(X)], [0, 7])).rejects.toThrow(/received transition 7; expected one of 1/);
    const program = parallel([`${set(X)} (unreachable)`, `(drop (i32.atomic.load ${X})) ${set(X)}`]);
    const way = { schedule: [0, 1, 1], repeated: 0, shared: [64] };
    expect(() => replay(program, { entries: entriesOf(program) }, way)).toThrow(
      /^Cannot replay step 2: received a schedule of 3 steps; expected one that ends with what is wrong: processor 0: unreac/,
    );
  });

  test("replay says that nothing is wrong where nothing is, or where what repeats is unfair", async () => {
    const spin = `(loop $again (br_if $again (i32.eqz (i32.atomic.load ${X}))))`;
    const program = parallel([spin, `(drop (i32.atomic.load ${X})) ${set(X)}`]);
    const options = { entries: entriesOf(program) };
    expect(replay(program, options, { schedule: [0], repeated: 0, shared: [64] })).toBeUndefined();
    expect(replay(program, options, { schedule: [0, 0], repeated: 1, shared: [64] })).toBeUndefined();
    expect(replay(program, options, { schedule: [0, 1], repeated: 1, shared: [64] })).toBeUndefined();
  });

  test("replay of a livelock proves it by a way round in which everybody takes part", async () => {
    const taken = (lock: string) => `(i32.atomic.rmw.xchg ${lock} (i32.const 1))`;
    const retry = (first: string, second: string) => `(loop $retry
      (loop $spin (br_if $spin ${taken(first)}))
      (if ${taken(second)} (then (i32.atomic.store ${first} (i32.const 0)) (br $retry))))
      (i32.atomic.store ${second} (i32.const 0)) (i32.atomic.store ${first} (i32.const 0))`;
    const program = parallel([retry(X, Y), retry(Y, X)]);
    const { violation } = await checkAll(program, { mode: "states" });
    expect(violation).toMatchObject({ kind: "livelock", repeated: 6 });
    expect(new Set(violation!.schedule.slice(-6))).toEqual(new Set([0, 1]));
    const { schedule, shared } = violation!;
    expect(replay(program, { entries: entriesOf(program) }, { schedule, shared, repeated: 5 })).toBeUndefined();
  });
});

const name = fc.string({ minLength: 1, unit: "grapheme" });
const call = fc.record({ entry: name });
const options = {
  entries: fc.oneof(name, fc.array(name, { minLength: 2, maxLength: 4 })),
  processors: fc.integer({ min: 1, max: 10 }),
  arguments: fc.array(fc.oneof(fc.double(), fc.bigInt()), { minLength: 1 }),
  init: call,
  invariant: call,
  final: call,
  deaths: fc.record(
    {
      entry: name,
      processors: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
      most: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: ["entry"] },
  ),
  model: fc.constantFrom("sc" as const, "tso" as const),
  buffered: fc.constantFrom("plain" as const, "all" as const),
  races: fc.boolean(),
};
const replayed: fc.Arbitrary<Replay> = fc.record({
  module: name,
  hash: fc.stringMatching(/^[0-9a-f]{12}$/),
  options: fc.record(options, { requiredKeys: ["entries"] }),
  way: fc.record({ shared: fc.array(fc.nat(2 ** 30)), schedule: fc.array(fc.nat(3)), repeated: fc.nat(9) }),
});

describe("parseReplay", () => {
  test("parseReplay reads what formatReplay writes, in one line that shells leave as it is", () => {
    fc.assert(
      fc.property(replayed, (replay) => {
        const text = formatReplay(replay);
        expect(text).toMatch(/^[^\s']*$/);
        expect(parseReplay(text)).toEqual(replay);
      }),
    );
  });

  test("parseReplay reads what people can write", async () => {
    const program = parallel([set(X), `(drop (i32.load ${X}))`]);
    const options = { entries: ["0", "1"] };
    const { violation } = await check(program, options);
    const text = formatReplay({ module: "a b/x.wasm", hash: await hashOf(program), options, way: violation! });
    expect(text).toBe(`module=a%20b/x.wasm&hash=${await hashOf(program)}&entry=0&entry=1&shared=0x40&schedule=`);
    expect(parseReplay("module=x&hash=0123456789ab&entry=f&processors=3&schedule=0*2,1").way.schedule).toEqual([
      0, 0, 1,
    ]);
  });

  test.each([
    ["", "no entry; expected entry=..., a function, one or one for each processor"],
    ["entry=f", "no module; expected module=..., a module's file"],
    ["module=m&hash=12&entry=f&schedule=", "hash=12; expected 12 hexadecimal digits"],
    ["module=m&hash=0123456789ab&entry=f", "no schedule; expected schedule=..., transitions, such as 0*3,1,0"],
    ["module=m&hash=0123456789ab&entry=f&schedule=0**2", "schedule=0**2; expected transitions, such as 0*3,1,0"],
    ["module=m&hash=0123456789ab&entry=f&schedule=&model=arm", "model=arm; expected sc or tso"],
    ["module=m&hash=0123456789ab&entry=f&schedule=&shared=x", "shared=x; expected addresses"],
    [
      "module=m&hash=0123456789ab&entry=f&schedule=&arguments=1,,2",
      "arguments=1,,2; expected numbers, of 64 bits with an n",
    ],
    ["module=m&hash=0123456789ab&entry=f&schedule=&deaths=g&mortal=a", "mortal=a; expected processors"],
    ["module=m&hash=0123456789ab&entry=f&schedule=&mortal=1", "mortal=...; expected what landspout check prints"],
    ["module=m&hash=0123456789ab&entry=f&schedule=&foo=1", "foo=...; expected what landspout check prints"],
  ])("parseReplay refuses %j", (text, message) => {
    expect(() => parseReplay(text)).toThrow(`Cannot read the replay text: received ${message}`);
  });
});
