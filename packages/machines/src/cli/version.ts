import { arch, platform, release } from "node:os";
import type { Command } from "commander";
import { hostOf } from "../experiments/host.js";
import { NativeMachine } from "../machines/native/machine.js";

/** `--version`: the package's alone, or with `--json`, before or behind it, what a report of a bug needs besides. */
export function addVersion(program: Command, version: string, parameters: readonly string[]): void {
  const asksAll = ["-V", "--version"].some((flag) => parameters.includes(flag)) && parameters.includes("--json");
  program.version(
    asksAll ? JSON.stringify(factsOf(version), null, 2) : version,
    "-V, --version",
    "print the version; with --json also the machine and its load, for reports of bugs",
  );
}

function factsOf(version: string) {
  return {
    version,
    ...hostOf(new NativeMachine()),
    v8: process.versions.v8,
    platform: `${platform()} ${release()} ${arch()}`,
  };
}
