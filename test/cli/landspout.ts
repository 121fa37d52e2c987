import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../packages/machines/dist/cli/main.js", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does; `interrupt` sends SIGINT after that many milliseconds. */
export function landspout(parameters: readonly string[], interrupt?: number): Promise<Outcome> {
  return outcome(spawn(process.execPath, [main, ...parameters]), interrupt);
}

/** Runs a line of shell in the project's folder. */
export function shell(line: string): Promise<Outcome> {
  return outcome(spawn("sh", ["-c", line], { cwd: new URL("../..", import.meta.url) }));
}

function outcome(child: ChildProcessWithoutNullStreams, interrupt?: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    if (interrupt !== undefined) setTimeout(() => child.kill("SIGINT"), interrupt);
  });
}
