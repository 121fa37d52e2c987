import type { MachineDescription, PrivilegedDescription } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { withEveryInstruction } from "#machines/machines/simulated/processors/lacking-instructions.js";

const PRIVILEGED: PrivilegedDescription = {
  page: 4096,
  tlb: { entries: 48, ways: 48, pages: 2, replacement: "random" },
  reload: "software",
  spaces: 256,
  trap: { enter: 20, leave: 10 },
  call: { enter: 10, leave: 10 },
  context: { keep: 30, load: 30 },
  setSpace: 2,
  translation: { write: 2, drop: 20 },
  interrupt: { send: 10, way: 300, take: 20 },
  disk: { seek: { least: 1000, most: 10_000 }, rotation: 10_000, byte: 1, track: 65_536 },
  console: { latency: 100, byte: 1 },
  network: { latency: 100, byte: 1 },
};

/** A preset with every read-modify-write, and with another privileged part, of which only what is different is given. */
export function machineWith(name: string, privileged: Partial<PrivilegedDescription> = {}): MachineDescription {
  const preset = PRESETS.find((machine) => machine.name === name)!;
  return { ...withEveryInstruction(preset), privileged: { ...PRIVILEGED, ...privileged } };
}
