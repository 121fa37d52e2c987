import type { DebugReport, ObjectName, WorkerReport } from "./inspect.js";

export function nameOf(object: ObjectName | undefined): string {
  return object ? `${object.kind} 0x${object.address.toString(16)}` : "nothing known";
}

export function nameOfWorker({ slot, thread }: Pick<WorkerReport, "slot" | "thread">): string {
  return thread === undefined ? `worker ${slot}` : `worker ${slot} (thread ${thread})`;
}

export function nameOfHeld(objects: readonly ObjectName[]): string {
  return `holds ${objects.map(nameOf).join(", ") || "nothing"}`;
}

/** A report as text for people: who holds what and waits for whom, then the objects, those first that were waited for longest. */
export function formatDebug({ workers, objects, bytesInUse }: DebugReport): string {
  const who = workers.map((worker) => {
    const { holds, waitsFor, holders, stack } = worker;
    const held = `${nameOfWorker(worker)} ${nameOfHeld(holds)}`;
    if (!waitsFor) return held;
    const of = holders.length === 0 ? "" : ` of worker${holders.length > 1 ? "s" : ""} ${holders.join(", ")}`;
    return `${held}, waits for ${nameOf(waitsFor)}${of}${stack ? `\n${stack}` : ""}`;
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
  return [...who, "", ...table, "", `${objects.length} objects, ${bytesInUse} bytes in use`].join("\n");
}
