import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { assemble, X, Y } from "../machines/checked/programs.js";
import { execute, landspout, shell } from "./landspout.js";

const folder = mkdtempSync(join(tmpdir(), "landspout-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The file of a module in text; where it asks for, with its source map beside it. */
function write(name: string, fields: string, mapped: boolean): string {
  const { name: own, bytes, sourceMap } = assemble(fields);
  const file = join(folder, name);
  writeFileSync(file, bytes);
  if (mapped) writeFileSync(join(folder, `${own}.map`), JSON.stringify(sourceMap));
  return file;
}

const taken = (lock: string) => `(i32.atomic.rmw.xchg ${lock} (i32.const 1))`;
const released = (lock: string) => `(i32.atomic.store ${lock} (i32.const 0))`;
const retry = (first: string, second: string) => `(loop $retry
  (loop $spin (br_if $spin ${taken(first)}))
  (if ${taken(second)} (then ${released(first)} (br $retry)))) ${released(second)} ${released(first)}`;
const program = write(
  "program.wasm",
  `(global (export "count") i32 ${X})
   (global (export "Event.Added") i32 (i32.const 4))
   (func (export "add")
     ;;@ count.c:3:1
     (i32.store ${X} (i32.add (i32.load ${X}) (i32.const 1)))
     ;;@ count.c:4:1
     (call $mark (i32.const 4) (i32.const 1)))
   (func (export "add_atomically") (param i32) (drop (i32.atomic.rmw.add ${X} (local.get 0))))
   (func (export "even") (result i32) (i32.eqz (i32.and (i32.load ${X}) (i32.const 1))))
   (func (export "begin_at_two") (i32.store ${X} (i32.const 2)))
   (func (export "count_alone") (loop $again
     (i32.store ${X} (i32.add (i32.load ${X}) (i32.const 1))) (br $again)))
   (func (export "sleep")
     ;;@ count.c:9:1
     (if (i32.eqz (i32.atomic.load ${Y})) (then
     (drop (memory.atomic.wait32 ${X} (i32.const 0) (i64.const -1))))))
   (func (export "wake") (i32.atomic.store ${Y} (i32.const 1)) (drop (memory.atomic.notify ${X} (i32.const 1))))
   (func (export "wake_anyway") (param i32) (drop (memory.atomic.notify ${X} (i32.const 1))))
   (func (export "pass_on")
     (drop (memory.atomic.wait32 ${Y} (i32.const 0) (i64.const -1))) (i32.atomic.store ${Y} (i32.const 1))
     (drop (memory.atomic.notify ${Y} (i32.const 1))))
   (func (export "begin") (i32.atomic.store ${Y} (i32.const 1)) (drop (memory.atomic.notify ${Y} (i32.const 1))))
   (func (export "polite") ${retry(X, Y)})
   (func (export "courteous") ${retry(Y, X)})
   (func (export "endless") (loop $again (drop (i32.atomic.rmw.add ${X} (i32.const 1))) (br $again)))
   (func (export "count_for_ever") (local i64)
     (loop $again
       (local.set 0 (i64.add (local.get 0) (i64.const 1)))
       (i64.atomic.store ${Y} (local.get 0))
       (br_if $again (i32.eqz (i32.atomic.load ${X})))))
   (func (export "stuck") (loop $again (br $again)))
   (func (export "fail_at_once") (call $fail (i32.const 1)))`,
  true,
);
const other = write("other.wasm", '(func (export "add"))', false);

const REPLAY = /^Replay: landspout check --replay '(.*)'$/m;

describe("landspout check", () => {
  test("says what is proven, what was explored, and exits with 0", async () => {
    const parameters = [
      program,
      "--entry",
      "add_atomically",
      "--arguments",
      "2",
      "--processors",
      "3",
      "--final",
      "even",
    ];
    const { code, stdout, stderr } = await landspout(["check", ...parameters]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [statement, covered] = stdout.split("\n");
    expect(statement).toMatch(
      /^No violation and no data race in any schedule of 3 processors under sequential consist/,
    );
    expect(covered).toMatch(/^executions 6, steps \d+, depth 3, races checked \d+, \d+\.\d s$/);
    const tso = await execute(["check", ...parameters, "--model", "tso", "--mode", "states"]);
    expect(tso.stdout).toMatch(
      /under total store order \(x86\), with at most 32 stores.*Data races were not looked for/,
    );
    expect(tso.stdout).toMatch(/^states \d+, ends 1, /m);
    const mortal = await execute(["check", program, "--entry", "begin,begin", "--deaths", "wake_anyway"]);
    expect(mortal.stdout).toMatch(/schedule of 2 processors, of which up to 1 may die at any step, under sequential/);
    const plain = await execute(["check", program, "--entry", "add,add", "--no-races"]);
    expect(plain.stdout).toMatch(/Data races were not looked for/);
  });

  test("prints the schedule of a violation, one line a step, and its replay, and exits with 1", async () => {
    const parameters = [program, "--entry", "add", "--processors", "2", "--final", "even", "--no-races"];
    const { code, stdout } = await landspout(["check", ...parameters]);
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("Wrong at the end: even returned 0");
    expect(lines[2]).toMatch(/^step {2}processor {2}function {2}line +access +why this processor$/);
    expect(lines[4]).toMatch(/^ {3}1 +0 {2}add +count\.c:3 {2}plain load32 count \(0x40\) -> 0 +begins$/);
    expect(stdout).toMatch(
      /^ {3}2 +1 {2}add +count\.c:3 .* preempts processor 0 before its plain store32 count \(0x40\) <- 1$/m,
    );
    expect(stdout).toMatch(/^ {3}3 +0 {2}add +count\.c:3 {2}plain store32/m);
    expect(stdout).toMatch(/^ +0 {2}add +count\.c:4 {2}mark\(Event\.Added, 1\)$/m);
    const [command, text] = REPLAY.exec(stdout)!;
    const replayed = await execute(["check", "--replay", text!]);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout.trim()).toBe(stdout.slice(0, stdout.indexOf(command) + command.length));
  });

  test.each([
    [
      "a data race",
      ["--entry", "add,add"],
      /^Data race: processor 0's plain store of 4 bytes at count \(0x40\) in add \(count\.c:3\) and/,
    ],
    [
      "a lost wake-up",
      ["--entry", "sleep", "--entry", "wake"],
      /^Deadlock: nobody is left to wake who sleeps: processor 0 sleeps at count \(0x40\) in sleep \(count\.c:9\); processor 1 has ended$/m,
    ],
    [
      "a livelock",
      ["--entry", "polite,courteous", "--mode", "states"],
      /^Livelock: they go on for ever: .*\n\n.*\n.*\nagain and again:\n {3}1 /,
    ],
    [
      "a broken invariant",
      ["--entry", "add", "--init", "begin_at_two", "--invariant", "even"],
      /^The invariant does not hold: even returned 0$/m,
    ],
    [
      "a wake-up that a death takes along",
      ["--entry", "pass_on,pass_on,begin", "--deaths", "wake_anyway", "--mortal", "0,1", "--most-deaths", "2"],
      /^Deadlock: .*processor 0 has died.*\n(.*\n)+ +5 +0 {2}pass_on .*dies before its .* it may die at any time$/m,
    ],
    ["a failure", ["--entry", "fail_at_once"], /^Failure: processor 0: fail\(1\) in fail_at_once/],
  ])("finds %s, and again by the replay that it prints", async (_, parameters, message) => {
    const { code, stdout } = await execute(["check", program, ...parameters]);
    expect(code).toBe(1);
    expect(stdout).toMatch(message);
    const replayed = await execute(["check", "--replay", REPLAY.exec(stdout)![1]!]);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(message);
  });

  test("prints all of it for programs with --json", async () => {
    const parameters = ["check", program, "--entry", "add", "--processors", "2", "--json"];
    const { code, stdout } = await execute(parameters);
    const { replay, violation, ...found } = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(found).toMatchObject({ module: program, options: { entries: "add", processors: 2 }, verdict: "race" });
    expect(violation).toMatchObject({ kind: "race", schedule: [0], shared: [64], repeated: 0 });
    expect(violation.steps[0]).toMatchObject({
      transition: 0,
      processor: 0,
      function: "add",
      file: "count.c",
      line: 3,
    });
    const replayed = JSON.parse((await execute(["check", "--replay", replay, "--json"])).stdout);
    expect(replayed).toMatchObject({ verdict: "race", violation, replay });
    const pass = await execute([...parameters, "--no-races"]);
    expect(pass.code).toBe(0);
    expect(JSON.parse(pass.stdout)).toMatchObject({ verdict: "pass", executions: 4, options: { races: false } });
  });

  test.each([
    [[], /^Cannot check: received no module; expected MODULE\.wasm, or --replay TEXT$/],
    [[program], /^Cannot check .*program\.wasm: received no --entry; expected one, or one for each processor$/],
    [[program, "--entry", "ad"], /received no function "ad" among its exports; expected one of add, /],
    [[program, "--entry", "add,add", "--processors", "3"], /received 2 entries for 3 processors; expected 1, or 3$/],
    [[program, "--entry", "add", "--processors", "11"], /^Cannot read --processors: received "11"; .* from 1 to 10$/],
    [[program, "--entry", "add_atomically"], /^Cannot run add_atomically: received 0 arguments; expected 1 \(i32\)$/],
    [[program, "--entry", "add", "--final", "add_atomically"], /^Cannot run add_atomically: received 0 arguments/],
    [[program, "--entry", "add", "--model", "arm"], /^Cannot read --model: received "arm"; expected sc, tso$/],
    [
      [program, "--entry", "add", "--invariant", "even", "--mode", "executions"],
      /received an invariant and mode executions; expected mode states/,
    ],
    [
      [program, "--entry", "add", "--deaths", "add"],
      /received deaths add \(\); expected a parameter \(i32\): who has died$/,
    ],
    [[program, "--entry", "add", "--mortal", "0"], /received --mortal; expected --deaths as well$/],
    [
      [program, "--entry", "add", "--deaths", "wake_anyway", "--mortal", "1"],
      /^Cannot read --mortal: received "1"; .* 0 to 0$/,
    ],
    [
      [program, "--entry", "add", "--deaths", "wake_anyway", "--mode", "executions"],
      /received deaths and mode executions; expected mode states/,
    ],
    [[program, "--entry", "add", "--seed", "2"], /received --seed in mode executions; expected --mode random$/],
    [
      [program, "--entry", "add", "--invariant", "even", "--workers", "2"],
      /received --workers in mode states; expected --mode executions$/,
    ],
    [
      [program, "--entry", "add", "--buffered", "all"],
      /received --buffered without store buffers; expected --model tso$/,
    ],
    [
      [program, "--entry", "add", "--mode", "random", "--depth", "4000000000"],
      /^Cannot read --depth: received "4000000000"; expected a whole number from 1 to 1000$/,
    ],
    [
      [program, "--entry", "add", "--workers", "100000"],
      /^Cannot read --workers: received "100000"; expected a whole number from 1 to 1024$/,
    ],
    [["--replay", "entry=x"], /^Cannot read the replay text: received no module; expected module=/],
    [
      ["--replay", `module=${other}&hash=000000000000&entry=add&schedule=`],
      /^Cannot replay on .*: received a module with hash [0-9a-f]{12}; expected 000000000000/,
    ],
  ])("refuses %j with one clear error and exit code 2", async (parameters, message) => {
    const { code, stdout, stderr } = await execute(["check", ...parameters]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trim()).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("refuses an --init that does not end", { tags: "long" }, async () => {
    const { code, stderr } = await execute(["check", program, "--entry", "add", "--init", "stuck"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/stuck failed: it has not ended after 1000000000 instructions$/m);
  });

  test("interrupted, says what it has explored and exits with 130", async () => {
    const parameters = ["check", program, "--entry", "endless,endless,endless", "--mode", "states"];
    const { code, stdout, stderr } = await landspout(parameters, { after: 1000 });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/^Interrupted: explored states \d+, .* s; no violation so far, which is no proof /m);
  });

  test("ends soon after it is interrupted while a processor counts for ever in a word of its own", async () => {
    const begin = performance.now();
    const parameters = ["check", program, "--entry", "count_alone", "--mode", "states"];
    const { code, stderr } = await landspout(parameters, { after: 1000 });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^Interrupted: explored states \d+/m);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  test.each(["states", "bounded", "random", "executions"])(
    "ends a program without end in mode %s with what was explored before --memory was used up, and exits with 3",
    async (mode) => {
      const endless = [program, "--entry", "count_for_ever", "--processors", "2", "--mode", mode];
      const { code, stdout, stderr } = await landspout(["check", ...endless, "--memory", "8"]);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toMatch(
        /^Cannot explore program\.wasm to its end: its states need more than [\d.]+ MiB( in one of \d+ threads)?; expected fewer/,
      );
      expect(stderr).toMatch(/^Not explored to its end: .*\d s; no violation so far, which is no proof/m);
      expect(stderr.includes("--mode random find")).toBe(mode === "states" || mode === "executions");
      const json = await execute(["check", ...endless, "--memory", "8", "--json"]);
      expect(json.code).toBe(3);
      expect(JSON.parse(json.stdout)).toMatchObject({ verdict: "not explored to its end", ends: 0 });
    },
  );

  test("says of a program whose first state is too large for --memory that nothing was explored, and exits with 3", async () => {
    const large = write("large.wasm", `(table 1000000 1000000 funcref) (func (export "run"))`, false);
    const { code, stdout, stderr } = await execute(["check", large, "--entry", "run", "--memory", "2"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^Cannot explore large\.wasm to its end: its states need more than [\d.]+ MiB/);
  });

  test("ends a program without end before V8's heap does, however small that is", async () => {
    const line = `NODE_OPTIONS=--max-old-space-size=64 node packages/machines/dist/cli/main.js check ${program} --entry count_for_ever`;
    const { code, stderr } = await shell(`${line} --mode states`);
    expect(code).toBe(3);
    expect(stderr).toMatch(/its states need more than \d+ MiB of V8's heap/);
  });
});
