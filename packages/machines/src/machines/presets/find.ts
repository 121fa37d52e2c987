import * as v from "valibot";
import { contradictions } from "./contradictions.js";
import type { MachineDescription } from "./description.js";
import { PRESETS } from "./index.js";
import { machineSchema } from "./schema.js";

/** A machine that is not known or cannot be, in one line: what, what was received, what was expected. */
export class MachineError extends Error {
  override readonly name = "MachineError";
}

/** Characters of a wrong value that its error shows. */
const SHOWN = 60;

/**
 * The machine of that name.
 *
 * @throws MachineError for a name that is not known
 */
export function findPreset(name: string): MachineDescription {
  const preset = PRESETS.find((machine) => machine.name === name);
  if (preset === undefined) throw unknownMachine(name);
  return preset;
}

/** @param others what else than a preset's name would be known, for the message */
export function unknownMachine(name: string, others = ""): MachineError {
  const names = PRESETS.map((machine) => machine.name).join(", ");
  return new MachineError(`Cannot find machine "${name}": received an unknown name; expected one of ${names}${others}`);
}

/**
 * A machine from the JSON that describes it.
 *
 * @param file named in errors
 * @throws MachineError that names the first field that is wrong
 */
export function parseMachine(file: string, text: string): MachineDescription {
  let described: unknown;
  try {
    described = JSON.parse(text);
  } catch (error) {
    // The parser's message may quote lines of the file.
    const reason = (error as Error).message.replaceAll(/\s+/g, " ");
    throw new MachineError(`Cannot read machine ${file}: received text with the error "${reason}"; expected JSON`);
  }
  const result = v.safeParse(machineSchema, described, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const field = v.getDotPath(issue) ?? "the whole";
    const received = issue.expected === "never" ? "an unknown field" : shown(issue.input);
    throw wrong(file, field, received, issue.message);
  }
  const machine: MachineDescription = result.output;
  for (const { field, received, expected } of contradictions(machine)) {
    throw wrong(file, field, shown(received), expected);
  }
  return machine;
}

function wrong(file: string, field: string, received: string, expected: string): MachineError {
  return new MachineError(`Cannot read machine ${file}: ${field}: received ${received}; expected ${expected}`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}
