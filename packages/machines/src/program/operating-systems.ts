import { modules } from "./operating-system-modules.js";
import { createProgram, type Program } from "./program.js";

/** The names of the kernels that ship: each a folder of kernel/os/. */
export const OPERATING_SYSTEMS: readonly string[] = Object.keys(modules);

/**
 * A kernel that ships, to be booted on a machine with a privileged part.
 *
 * @throws {RangeError} for a name that is none of OPERATING_SYSTEMS
 */
export async function loadOperatingSystem(name: string): Promise<Program> {
  const load = Object.hasOwn(modules, name) ? modules[name] : undefined;
  if (load === undefined) {
    throw new RangeError(
      `Cannot load the kernel "${name}": received an unknown name; expected one of ${OPERATING_SYSTEMS.join(", ")}`,
    );
  }
  const { bytes, sourceMap } = await load();
  return createProgram(`${name}.wasm`, bytes, sourceMap);
}
