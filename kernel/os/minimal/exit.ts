/** How a process ends before its function returns: `abandon` drops its frames, down to the `call` that began it. */
import { abandon } from "../../privileged";
import { add, beginLine, endLine } from "./console";
import { Process } from "./process";

/** The status of a process that was killed. */
export const KILLED: u32 = 128;

/** Ends the processor's process; does not return. */
export function exit(process: Process, status: u32): void {
  process.exited = true;
  abandon(status);
}

/** The same, for a reason that the console says. */
export function kill(process: Process, reason: string): void {
  beginLine(process);
  add(process, reason);
  endLine(process);
  exit(process, KILLED);
}
