import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  ACCESS_OF_PAGE,
  CAUSE,
  COMMAND,
  DEVICE,
  ENTRY,
  FAULT,
  INTERRUPT,
  PRIVILEGED_INSTRUCTIONS,
  TRAP_INSTRUCTION,
} from "#machines/program/privileged.js";

const read = (path: string) => readFileSync(new URL(`../../kernel/${path}`, import.meta.url), "utf8");
const kernel = read("privileged.ts");

/** The members of an enumeration of the kernel's, in lower case, with their numbers. */
function numbersOf(enumeration: string): Record<string, number> {
  const body = new RegExp(`export enum ${enumeration} \\{([\\s\\S]*?)\\n\\}`).exec(kernel)![1]!;
  const names = [...body.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name!.toLowerCase());
  return Object.fromEntries(names.map((name, number) => [name, number]));
}

const lower = (numbers: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name.toLowerCase(), number]));

describe("What kernels and machines tell each other by numbers", () => {
  test.each([
    ["Cause", CAUSE],
    ["Access", ACCESS_OF_PAGE],
    ["Fault", FAULT],
    ["Device", DEVICE],
    ["Command", COMMAND],
  ])("has the same ones on both sides: %s", (enumeration, numbers) => {
    expect(Object.keys(numbers).length).toBeGreaterThan(1);
    expect(numbersOf(enumeration)).toEqual(lower(numbers));
  });

  test("has the same interrupts", () => {
    const { last, ...named } = INTERRUPT;
    expect(numbersOf("Interrupt")).toEqual(named);
    expect(last).toBe(31);
  });

  test("has the same bits of a translation", () => {
    const bits = [...kernel.matchAll(/^export const ([A-Z]+): u32 = (\d+);$/gm)];
    expect(Object.fromEntries(bits.map(([, name, bit]) => [name!.toLowerCase(), Number(bit)]))).toEqual(ENTRY);
  });

  test("has the same instructions, in the order of their numbers, with the same words", () => {
    expect(Object.keys(numbersOf("Instruction"))).toEqual(Object.keys(PRIVILEGED_INSTRUCTIONS));
    const declared = [...read("privileged/machine.ts").matchAll(/^export declare function (\w+)\((.*)\): (\w+);$/gm)];
    const words = declared.map(([, name, parameters, result]) => {
      const given = parameters === "" ? 0 : parameters!.split(",").length;
      return [name, { parameters: given, results: result === "void" ? 0 : 1 }];
    });
    const ours = Object.entries({ ...TRAP_INSTRUCTION, ...PRIVILEGED_INSTRUCTIONS }).map(([name, type]) => {
      return [name, { parameters: type.parameters.length, results: type.results.length }];
    });
    expect(Object.fromEntries(words)).toEqual(Object.fromEntries(ours));
  });
});
