import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLitmus } from "#dist/litmus/parse.js";
import { disappointment, runLitmus } from "#dist/litmus/run.js";
import { litmusText } from "#dist/report/litmus.js";
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
});
