/** What the checked machine says of a program, for people. */
import type { CheckOptions, Covered, Step, Violation, ViolationKind } from "../machines/checked/index.js";
import { STORE_BUFFER } from "../machines/checked/system/store-buffers.js";

const COUNTS = [
  ["executions", "executions"],
  ["blocked", "blocked"],
  ["states", "states"],
  ["ends", "ends"],
  ["steps", "steps"],
  ["depth", "depth"],
  ["races", "races checked"],
] as const satisfies readonly (readonly [keyof Covered, string])[];

/** What was explored, in one line; see Covered. */
export function formatCovered(covered: Covered): string {
  const counts = COUNTS.filter(([count]) => covered[count] > 0).map(([count, name]) => `${name} ${covered[count]}`);
  return [...counts, `${covered.seconds.toFixed(1)} s`].join(", ");
}

/** What it means that no violation was found. `processors`: how many executed the program. */
export function statementOf(processors: number, options: CheckOptions): string {
  const { model = "sc", races = model === "sc", mode, preemptions = 2, specification, deaths } = options;
  const count = processors === 1 ? "1 processor" : `${processors} processors`;
  const who = deaths ? `${count}, of which up to ${deaths.most ?? 1} may die at any step,` : count;
  const memory = model === "sc" ? "sequential consistency" : "total store order (x86)";
  if (mode === "random") return `No violation in random schedules of ${who} under ${memory}. This is no proof.`;
  if (mode === "bounded") {
    return (
      `No violation in any schedule of ${who} with at most ${preemptions} preemptions under ${memory}. ` +
      "With more there may be one: this is no proof."
    );
  }
  if (model === "tso") {
    return (
      `No violation in any schedule of ${who} under total store order (x86), with at most ${STORE_BUFFER} stores in a ` +
      "buffer. Data races were not looked for: this says nothing of other hardware."
    );
  }
  const found = `No violation${races ? " and no data race" : ""}${specification === undefined ? "" : ", and every history linearizable,"} in any schedule of ${who} under sequential consistency.`;
  return races
    ? `${found} Programs without data races are sequentially consistent on all hardware.`
    : `${found} Data races were not looked for: with one, hardware may do what was not explored.`;
}

/** What is wrong, and the way there, one line a step; of a livelock, also the way round again. */
export function formatViolation({ kind, message, steps, schedule, repeated }: Violation): string {
  const cells = steps.map(cellsOf);
  const shown = COLUMNS.flatMap((column, i) => (column !== "line" || cells.some((row) => row[i] !== "") ? [i] : []));
  const widths = COLUMNS.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]!.length)));
  const [head = "", ...lines] = [COLUMNS, ...cells].map((row) =>
    shown
      .map((i) => (i < 2 ? row[i]!.padStart(widths[i]!) : row[i]!.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(Math.max(head.length, ...lines.map((line) => line.length)));
  const round = repeated > 0 ? steps.findIndex(({ transition }) => transition >= schedule.length - repeated) : -1;
  if (round >= 0) lines.splice(round, 0, "again and again:");
  return [`${TITLES[kind]}: ${message}`, "", head, rule, ...lines].join("\n");
}

const COLUMNS = ["step", "processor", "function", "line", "access", "why this processor"];

function cellsOf({ transition, processor, function: name, file, line, access, reason }: Step): string[] {
  const place = file === undefined ? "" : `${file}:${line}`;
  return [reason === "" ? "" : String(transition + 1), String(processor), name, place, access, reason];
}

const TITLES: Readonly<Record<ViolationKind, string>> = {
  failure: "Failure",
  trap: "Trap",
  deadlock: "Deadlock",
  livelock: "Livelock",
  race: "Data race",
  pause: "Waits without a pause",
  order: "Not first come, first served",
  invariant: "The invariant does not hold",
  final: "Wrong at the end",
  history: "Not linearizable",
};
