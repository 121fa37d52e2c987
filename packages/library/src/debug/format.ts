import { wrong } from "../arguments.js";
import type { CallReport } from "./calls.js";
import type { DebugReport, HeldUp, WorkerReport } from "./inspect.js";
import type { ObjectName } from "./objects.js";

export function nameOf(object: ObjectName | undefined): string {
  return object ? `${object.kind} 0x${object.address.toString(16)}` : "nothing known";
}

export function nameOfWorker({ slot, thread }: Pick<WorkerReport, "slot" | "thread">): string {
  return thread === undefined ? `worker ${slot}` : `worker ${slot} (thread ${thread})`;
}

export function nameOfHeld(objects: readonly ObjectName[]): string {
  return `holds ${objects.map(nameOf).join(", ") || "nothing"}`;
}

function formatHeldUp({ object, freed, bytes }: HeldUp): string {
  const what = freed ? "which was freed" : "out of which entries were taken";
  return `holds up ${nameOf(object)}, ${what}: ${bytes} bytes wait for it`;
}

function formatCall({ service, procedure, caller, server, since, phase }: CallReport): string {
  const what = procedure === undefined ? `a call of ${nameOf(service)}` : `the call ${procedure} of ${nameOf(service)}`;
  const by = server === undefined ? "" : ` by worker ${server}`;
  return `${what} from worker ${caller} ${phase}${by}${since ? ` since ${since.toISOString()}` : ""}`;
}

interface Wait {
  readonly object: ObjectName;
  readonly holders: readonly number[];
  readonly since: Date | undefined;
  readonly stack: string | undefined;
}

function formatWait({ object, holders, since, stack }: Wait): string {
  const of = holders.length === 0 ? "" : ` of worker${holders.length > 1 ? "s" : ""} ${holders.join(", ")}`;
  return `${nameOf(object)}${of}${since ? ` since ${since.toISOString()}` : ""}${stack ? `\n${stack}` : ""}`;
}

/**
 * A report as text for people. First, for each worker, what it holds and waits for; then the calls in progress; then the
 * objects, those with the longest waits first. See docs/library/debug.md.
 *
 * @throws {TypeError} if it is not a report of `inspect`
 */
export function formatDebug(report: DebugReport): string {
  const isReport = [report?.workers, report?.calls, report?.objects].every(Array.isArray);
  if (!isReport) throw wrong("format", report, "a report, as inspect returns it");
  const { workers, calls, objects, bytesInUse } = report;
  const who = workers.flatMap((worker) => {
    const { holds, holdsUp, waitsFor, holders, since, stack, awaits, moreAwaits } = worker;
    const name = nameOfWorker(worker);
    const wait = waitsFor ? `, waits for ${formatWait({ object: waitsFor, holders, since, stack })}` : "";
    return [
      `${name} ${nameOfHeld(holds)}${wait}`,
      ...(holdsUp ? [`${name} ${formatHeldUp(holdsUp)}`] : []),
      ...awaits.map((wait) => `${name} waits without blocking for ${formatWait(wait)}`),
      ...(moreAwaits > 0 ? [`${name} waits without blocking ${moreAwaits} times more`] : []),
    ];
  });
  const columns = ["object", "maker", "bytes", "contentions", "waits", "longest ms", "all ms"];
  const rows = objects
    .toSorted((a, b) => b.totalWait - a.totalWait || a.address - b.address)
    .map((object) => [
      nameOf(object),
      `${object.maker}`,
      `${object.bytes}`,
      `${object.contentions ?? ""}`,
      `${object.waits}`,
      object.longestWait.toFixed(3),
      object.totalWait.toFixed(3),
    ]);
  const widths = columns.map((_, i) => Math.max(...[columns, ...rows].map((row) => row[i]!.length)));
  const table = [columns, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
  );
  return [
    ...who,
    ...calls.map(formatCall),
    "",
    ...table,
    "",
    `${objects.length} objects, ${bytesInUse} bytes in use`,
  ].join("\n");
}
