import { readFile } from "node:fs/promises";
import type { MachineDescription } from "../machines/presets/description.js";
import { MachineError, parseMachine, unknownMachine } from "../machines/presets/find.js";
import { PRESETS } from "../machines/presets/index.js";

/**
 * The machine of that name, or the one that a file describes.
 *
 * @param nameOrFile a preset's name, or the path of a file, which ends in `.json`
 * @throws MachineError for a name that is not known, and for files as `parseMachine` does
 */
export async function findMachine(nameOrFile: string): Promise<MachineDescription> {
  const preset = PRESETS.find(({ name }) => name === nameOrFile);
  if (preset !== undefined) return preset;
  if (!nameOrFile.endsWith(".json")) throw unknownMachine(nameOrFile, ", or a .json file");
  const text = await readFile(nameOrFile, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new MachineError(
      `Cannot read machine ${nameOrFile}: received ${error.code}; expected a file that describes a machine`,
    );
  });
  return parseMachine(nameOrFile, text);
}
