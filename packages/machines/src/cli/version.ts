import { arch, platform, release } from "node:os";
import type { Command } from "commander";

export function asksVersion(parameters: readonly string[]): boolean {
  return ["-V", "--version"].some((flag) => parameters.includes(flag));
}

/** `--version`: the package's alone, or with `--json`, before or behind it, what a report of a bug needs besides. */
export async function addVersion(program: Command, version: string, parameters: readonly string[]): Promise<void> {
  const asksAll = asksVersion(parameters) && parameters.includes("--json");
  program.version(
    asksAll ? JSON.stringify(await factsOf(version), null, 2) : version,
    "-V, --version",
    "print the version; with --json also the machine and its load, for reports of bugs",
  );
}

async function factsOf(version: string) {
  // What most commands need not wait for.
  const [{ hostOf }, { NativeMachine }] = await Promise.all([
    import("../experiments/host.js"),
    import("../machines/native/machine.js"),
  ]);
  return {
    version,
    ...hostOf(new NativeMachine()),
    v8: process.versions.v8,
    platform: `${platform()} ${release()} ${arch()}`,
  };
}
