import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const source = fileURLToPath(new URL("../../../bench/kernel/peers.c", import.meta.url));
const program = fileURLToPath(new URL("peers", import.meta.url));

/** The peers in C: compiled once, then one process a measurement. */
export class PeersProgram {
  private constructor() {}

  /**
   * Compiles peers.c. Undefined, after a line that says so, where a compiler or Concurrency Kit is missing.
   *
   * @throws {Error} where they are missing in CI, or peers.c does not compile
   */
  static async compile(): Promise<PeersProgram | undefined> {
    await mkdir(new URL(".", import.meta.url), { recursive: true });
    try {
      await run("gcc", ["-O3", "-std=gnu11", "-pthread", "-Wno-stringop-overflow", source, "-lck", "-o", program]);
      return new PeersProgram();
    } catch (error) {
      const { code, stderr = "" } = error as { code?: string; stderr?: string };
      const missing = code === "ENOENT" || /ck_\w+\.h: No such file|cannot find -lck/.test(stderr);
      if (!missing || process.env.CI)
        throw new Error(`Cannot compile bench/kernel/peers.c: ${stderr || code}`, { cause: error });
      console.log("gcc or libck-dev (Debian) is missing: the comparisons with C are skipped");
      return undefined;
    }
  }

  /** Nanoseconds an operation. */
  async measure(...parameters: (string | number)[]): Promise<number> {
    const { stdout } = await run(program, parameters.map(String));
    const nanoseconds = Number(stdout);
    if (!Number.isFinite(nanoseconds))
      throw new Error(`Cannot measure ${parameters.join(" ")}: received ${stdout.trim()}; expected nanoseconds`);
    return nanoseconds;
  }
}
