import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLitmus } from "#machines/litmus/parse.js";
import { runLitmus, unmetExpectation } from "#machines/litmus/run.js";
import { litmusText } from "#machines/report/litmus.js";
import { finalStates, type Operation } from "./abstract-machine.js";

const run = (text: string, model: "sc" | "tso" = "tso") => runLitmus(parseLitmus("t.litmus", text), model);

const WORDS = ["x", "y"];
const REGISTERS = ["eax", "ecx"];

const word = fc.nat(WORDS.length - 1);
const register = fc.nat(REGISTERS.length - 1);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), word, value: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant("read" as const), word, register }),
  fc.record({ kind: fc.constant("exchange" as const), word, register }),
  fc.record({ kind: fc.constant("increment" as const), word, locked: fc.boolean() }),
  fc.record({ kind: fc.constant("fence" as const) }),
);
const threads = fc.oneof(
  fc.array(fc.array(operation, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 2 }),
  fc.array(fc.array(operation, { minLength: 1, maxLength: 2 }), { minLength: 3, maxLength: 3 }),
);

function intel(operation: Operation): string {
  if (operation.kind === "fence") return "MFENCE";
  const memory = `[${WORDS[operation.word]}]`;
  switch (operation.kind) {
    case "write":
      return `MOV ${memory},$${operation.value}`;
    case "read":
      return `MOV ${REGISTERS[operation.register]},${memory}`;
    case "exchange":
      return `XCHG ${memory},${REGISTERS[operation.register]}`;
    case "increment":
      return `${operation.locked ? "LOCK " : ""}INC ${memory}`;
  }
}

function atAndT(operation: Operation): string {
  if (operation.kind === "fence") return "mfence";
  const memory = `(${WORDS[operation.word]})`;
  switch (operation.kind) {
    case "write":
      return `movl $${operation.value},${memory}`;
    case "read":
      return `movl ${memory},%${REGISTERS[operation.register]}`;
    case "exchange":
      return `xchgl %${REGISTERS[operation.register]},${memory}`;
    case "increment":
      return `${operation.locked ? "lock; " : ""}addl $1,${memory}`;
  }
}

describe("runLitmus", () => {
  test("finds the final states that the abstract machine of x86-TSO has, with and without its store buffers", async () => {
    await fc.assert(
      fc.asyncProperty(threads, fc.boolean(), fc.boolean(), async (threads, buffered, isIntel) => {
        const show = (register: string) => (isIntel ? register.toUpperCase() : register);
        const variables = [...threads.flatMap((_, i) => REGISTERS.map((each) => `${i}:${show(each)}`)), ...WORDS];
        const rows = Math.max(...threads.map(({ length }) => length));
        const text = [
          `${isIntel ? "X86" : "X86_64"} T`,
          "{}",
          `${threads.map((_, i) => `P${i}`).join(" | ")} ;`,
          ...Array.from({ length: rows }, (_, row) => {
            const cells = threads.map((operations) => operations.slice(row, row + 1).map(isIntel ? intel : atAndT));
            return `${cells.join(" | ")} ;`;
          }),
          `locations [${variables.join("; ")}]`,
        ].join("\n");
        const { states } = await run(text, buffered ? "tso" : "sc");
        const options = { registers: REGISTERS.length, words: WORDS.length, buffered };
        const possible = finalStates(threads, options).map((values) =>
          variables.map((name, i) => `${name.includes(":") ? name : `[${name}]`}=${values[i]};`).join(" "),
        );
        expect(states.map((state) => state.text).sort(), text).toEqual(possible.sort());
      }),
      { numRuns: 150 },
    );
  });

  const SB = (condition: string) => `X86 SB
{ int x; int y; }
 P0          | P1          ;
 MOV [x],$1  | MOV [y],$1  ;
 MOV EAX,[y] | MOV EAX,[x] ;
${condition}`;

  test.each([
    ["exists (0:EAX=0 /\\ 1:EAX=0)", "Sometimes", true, [1, 4]],
    ["exists (0:EAX=2)", "Never", false, [0, 2]],
    ["~exists (0:EAX=0 /\\ 1:EAX=0)", "Sometimes", false, [1, 4]],
    ["~exists (0:EAX=2)", "Never", true, [0, 2]],
    ["forall (0:EAX=0 \\/ 0:EAX=1)", "Always", true, [2, 2]],
    ["forall (0:EAX=0:EAX => 1:EAX=1)", "Sometimes", false, [2, 4]],
    ["", "Always", true, [1, 1]],
    ["locations [0:EAX; y]", "Always", true, [2, 2]],
    ["locations [x; y] filter (0:EAX=1) exists (1:EAX=0)", "Sometimes", true, [1, 2]],
    ["filter (x=0) exists (1:EAX=0)", "Never", false, [0, 0]],
  ] as const)("observes of SB with '%s': %s", async (condition, observation, holds, [positive, states]) => {
    const found = await run(SB(condition));
    expect({ observation: found.observation, holds: found.holds }).toEqual({ observation, holds });
    expect([found.positive, found.states.length]).toEqual([positive, states]);
  });

  test("finds executions that never end, beside the final states of the others", async () => {
    const wait = (stores: string) =>
      `X86 T\n{}\n P0 | P1 ;\n${stores} | L0: CMP [x],$1 ;\n | JNE L0 ;\n | MOV EAX,[y] ;\nexists (1:EAX=1)`;
    const waited = await run(wait("MOV [y],$1 | ;\n MOV [x],$1"));
    expect([waited.observation, waited.loops, waited.states.length]).toEqual(["Always", false, 1]);
    const lost = await run(wait("MOV [x],$1 | ;\n MOV [x],$2"));
    expect([lost.observation, lost.loops, lost.states.length]).toEqual(["Never", true, 1]);
    expect(litmusText(lost)).toContain("\nLoop No\n");
  });

  test("says which thread accesses what is no memory", async () => {
    const wild = "X86 wild\n{ 0:EAX=70000; }\n P0 | P1 ;\n MOV EBX,[x] | MOV [x],$1 ;\n MOV [EAX],$1 | ;\nexists (x=0)";
    await expect(run(wild)).rejects.toThrow(
      /^Cannot run wild of t\.litmus: received a trap: .*; expected threads that end$/,
    );
  });

  test("stops when it is told to", async () => {
    const reason = new Error("enough");
    const many = Array.from({ length: 6 }, (_, i) => `MOV [x],$${i}`);
    const row = `${many.map(() => "INC [x]").join(" | ")} ;\n`;
    const text = `X86 many\n{}\n${many.map((_, i) => `P${i}`).join(" | ")} ;\n${row.repeat(4)}exists (x=1)`;
    const test = parseLitmus("many.litmus", text);
    await expect(runLitmus(test, "tso", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("unmetExpectation", () => {
  const SB = (info: string, condition: string) =>
    `X86 SB\n${info}{}\nP0 | P1 ;\nMOV [x],$1 | MOV [y],$1 ;\nMOV EAX,[y] | MOV EAX,[x] ;\n${condition}`;
  const BOTH = "(0:EAX=0 /\\ 1:EAX=0)";

  test.each([
    ["", `exists ${BOTH}`, undefined, undefined],
    ["", `~exists ${BOTH}`, undefined, "~exists"],
    ["", `forall not ${BOTH}`, undefined, "forall"],
    ["Expect=Never\n", `exists ${BOTH}`, undefined, "Never"],
    ["Expect=Sometimes\n", `exists ${BOTH}`, "Sometimes", undefined],
    ["", `exists ${BOTH} with sc: ~exists; tso: exists`, undefined, undefined],
    ["", `exists ${BOTH} with sc: exists; tso: ~exists`, "exists under sc", "~exists under tso"],
    ["", `~exists ${BOTH} with tso: exists`, undefined, undefined],
  ])("tells of '%s' and '%s' what was expected: under sc %s, under tso %s", async (info, condition, sc, tso) => {
    expect(unmetExpectation(await run(SB(info, condition), "sc"))).toBe(sc);
    expect(unmetExpectation(await run(SB(info, condition), "tso"))).toBe(tso);
  });
});

describe("litmusText", () => {
  test("prints herd7's lines", async () => {
    const text = "X86_64 T\n{ uint64_t p=x; }\n P0 ;\n movq $-1,(y) ;\n~exists (p=y \\/ y=0)";
    expect(litmusText(await run(text))).toBe(`Test T Forbidden
States 1
[p]=x; [y]=-1;
Ok
Witnesses
Positive: 1 Negative: 0
Condition ~exists ([p]=y \\/ [y]=0)
Observation T Never 0 1`);
  });
});
