import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const TSC = fileURLToPath(new URL("../node_modules/typescript-7/bin/tsc", import.meta.url));

/** What the TypeScript compiler says of a project, by its tsconfig.json: all files that it read, and the errors. */
export function compile(project: string): { compiled: string[]; errors: string[] } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [TSC, "-p", project, "--noEmit", "--pretty", "false", "--listFiles"],
    { encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const lines = stdout.split("\n").filter((line) => line !== "");
  // A file's line is its path and nothing else; an error's second line begins with a space.
  const isError = (line: string) => /\berror TS\d+: |^\s/.test(line);
  const errors = lines.filter(isError);
  if (stderr !== "" || (status === 0) !== (errors.length === 0)) {
    throw new Error(`Cannot compile ${project}: the compiler exits with ${status}: ${stderr}${errors.join("\n")}`);
  }
  return { compiled: lines.filter((line) => !isError(line)), errors };
}
