import { calibrate } from "../experiments/calibrate.js";
import { findMachine } from "../files/machine.js";
import { NativeMachine } from "../machines/native/machine.js";
import type { MachineDescription } from "../machines/presets/description.js";
import { MachineError } from "../machines/presets/find.js";
import { THIS_COMPUTER } from "../machines/presets/this-computer.js";
import { SimulatedMachine } from "../machines/simulated/machine.js";
import { loadKernel } from "../program/kernel.js";
import { UsageError } from "./usage.js";

export const NATIVE = "native";

/** What --machine takes, for its help. */
export const MACHINE_NAMES =
  `${NATIVE} (this computer), ${THIS_COMPUTER} (its model, simulated), another name that \`landspout machines\` lists, or ` +
  "a .json file";

/** The machine that --machine names. */
export async function openMachine(name: string): Promise<NativeMachine | SimulatedMachine> {
  if (name === NATIVE) return new NativeMachine();
  const description = await describeMachine(name, [NATIVE]);
  if (description.name === NATIVE) {
    throw new UsageError(
      `Cannot read machine ${name}: name: received "${NATIVE}"; expected another name, since that is this computer's`,
    );
  }
  return new SimulatedMachine(description);
}

/**
 * The simulated machine of that name or file. For `this-computer`, this computer is measured, about a second.
 *
 * @param others names that are known beside those, for the error
 */
export async function describeMachine(nameOrFile: string, others: readonly string[] = []): Promise<MachineDescription> {
  if (nameOrFile === THIS_COMPUTER) return calibrateThisComputer();
  try {
    return await findMachine(nameOrFile);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const more = nameOrFile.endsWith(".json") ? [] : [THIS_COMPUTER, ...others];
    throw new UsageError([error.message, ...more].join(", or "));
  }
}

async function calibrateThisComputer(): Promise<MachineDescription> {
  const native = new NativeMachine();
  try {
    return await calibrate(native, await loadKernel());
  } finally {
    await native.close();
  }
}
