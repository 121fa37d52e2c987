import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { vi } from "vitest";
import { executeCommand } from "#machines/cli/command-line.js";

const main = fileURLToPath(new URL("../../packages/machines/dist/cli/main.js", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Executes the command in this process, which takes a fraction of the time that another process does. At least one test
 * of each command calls `landspout` instead: that the process ends, and with which code, is seen there alone.
 */
export async function execute(parameters: readonly string[]): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const toStdout = (text: string) => {
    stdout += text;
    return true;
  };
  const toStderr = (text: string) => {
    stderr += text;
    return true;
  };
  const spies = [
    vi.spyOn(console, "log").mockImplementation((...values) => void toStdout(`${format(...values)}\n`)),
    vi.spyOn(console, "error").mockImplementation((...values) => void toStderr(`${format(...values)}\n`)),
    vi.spyOn(process.stdout, "write").mockImplementation((text) => toStdout(String(text))),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => toStderr(String(text))),
  ];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await executeCommand(parameters);
    return { code: Number(process.exitCode), stdout, stderr };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/**
 * Says when the command has asked for SIGINT: before that it would end as any process does. In its main thread alone; and
 * when a thread of its has said something.
 */
const SAYS_WHEN_INTERRUPTIBLE = `data:text/javascript,${encodeURIComponent(`
  import { Worker } from "node:worker_threads";
  process.on("newListener", (event) => event === "SIGINT" && process.send?.("ready"));
  const { emit } = Worker.prototype;
  Worker.prototype.emit = function (event, ...values) {
    if (event === "message") process.send?.("under way");
    return emit.call(this, event, ...values);
  };
`)}`;

/** Milliseconds after the command is ready for SIGINT, or since when a thread of its has said something. */
export interface Interrupt {
  readonly after: number;
  readonly since?: "ready" | "under way";
}

/** Runs the command as a user does; `interrupt` says when it gets SIGINT. */
export function landspout(parameters: readonly string[], interrupt?: Interrupt): Promise<Outcome> {
  if (interrupt === undefined) return outcome(spawn(process.execPath, [main, ...parameters]));
  const child = spawn(process.execPath, ["--import", SAYS_WHEN_INTERRUPTIBLE, main, ...parameters], {
    stdio: ["pipe", "pipe", "pipe", "ipc"],
  }) as ChildProcessWithoutNullStreams;
  const { after, since = "ready" } = interrupt;
  let isSent = false;
  child.on("message", (said) => {
    if (said !== since || isSent) return;
    isSent = true;
    setTimeout(() => child.kill("SIGINT"), after);
  });
  return outcome(child);
}

/** Runs a line of shell in the project's folder. */
export function shell(line: string): Promise<Outcome> {
  return outcome(spawn("sh", ["-c", line], { cwd: new URL("../..", import.meta.url) }));
}

function outcome(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
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
  });
}
