import type { Summary } from "#machines/index.js";
import { formatTime, type ReportTable } from "#machines/report/table.js";
import type { Comparison, Goal, Measured } from "./comparison.js";

/** What a measure is called behind a work's name. */
const NAMES: Readonly<Record<Measured, string>> = {
  time: "",
  longestWait: ": longest wait",
  processor: ": processor time",
};

/** What every contender did. */
export function turnTable(comparisons: readonly Comparison[]): ReportTable {
  return {
    title: "What each contender did in turns that count",
    note:
      "time: nanoseconds an operation of all threads together, median and least..most. fair: Jain's index of the threads' " +
      "operations. longest wait: of any thread in a round; of locks, in a run of its own. processor: processor time of an " +
      "operation, of all threads.",
    columns: ["work", "contender", "time", "least..most", "a second", "fair", "longest wait", "processor"],
    rows: comparisons.flatMap((comparison) =>
      Object.keys(comparison.contest.contenders).map((name) => {
        const { work } = comparison.contest;
        const why = comparison.out.get(name);
        if (why !== undefined) return [work, name, `out: ${why}`];
        const time = comparison.summary(name, "time");
        const fairness = comparison.summary(name, "fairness");
        const longestWait = comparison.summary(name, "longestWait");
        const processor = comparison.summary(name, "processor");
        return [
          work,
          name,
          time ? formatTime(time.median) : "-",
          time ? `${formatTime(time.minimum)}..${formatTime(time.maximum)}` : "-",
          time ? Math.round(1e9 / time.median).toLocaleString("en") : "-",
          fairness?.median.toFixed(2) ?? "",
          longestWait ? formatTime(longestWait.median) : "",
          processor ? formatTime(processor.median) : "",
        ];
      }),
    ),
  };
}

/** Ours beside the best peer of every goal. */
export function outcomeTable(comparisons: readonly Comparison[]): ReportTable {
  return {
    title: "Our time by the peer's, rounds in which both turns count",
    note:
      "Times are medians. ratio: median of the rounds' ratios, and least..most. A goal on throughput of 0.8 is a goal on " +
      "time of 1.25.",
    columns: ["work", "ours", "peer", "", "ratio", "least..most", "goal", "reached", "rounds"],
    rows: comparisons.flatMap((comparison) =>
      comparison.outcomes().map(({ work, goal, peer, ratio, reached }) => {
        const of = goal.of ?? "time";
        const median = (contender: string) => formatTime(comparison.summary(contender, of)!.median);
        return [
          `${work}${NAMES[of]}`,
          median(goal.ours),
          median(peer),
          peer,
          ratio.median.toFixed(2),
          spread(ratio),
          formatGoal(goal),
          reached === undefined ? "-" : reached ? "yes" : "NO",
          `${ratio.count}/${comparison.rounds.length}`,
        ];
      }),
    ),
  };
}

function formatGoal({ atMost, within }: Goal): string {
  const parts = [atMost?.toFixed(2), within === undefined ? undefined : formatTime(within)];
  return parts.filter((part) => part !== undefined).join(", ") || "-";
}

export function spread({ minimum, maximum }: Summary): string {
  return `${minimum.toFixed(2)}..${maximum.toFixed(2)}`;
}
