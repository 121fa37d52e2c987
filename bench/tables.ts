import type { Summary } from "#machines/index.js";
import { formatTime, type ReportTable } from "#machines/report/table.js";
import type { Comparison } from "./comparison.js";

/** What every contender did. */
export function turnTable(comparisons: readonly Comparison[]): ReportTable {
  return {
    title: "What each contender did in turns that count",
    note:
      "time: nanoseconds an operation of all threads together, median and least..most. fair: Jain's index of the threads' " +
      "operations. longest wait: of any thread in a round, measured in a run of its own.",
    columns: ["work", "contender", "time", "least..most", "a second", "fair", "longest wait"],
    rows: comparisons.flatMap((comparison) =>
      Object.keys(comparison.contest.contenders).map((name) => {
        const { work } = comparison.contest;
        const why = comparison.out.get(name);
        if (why !== undefined) return [work, name, `out: ${why}`];
        const time = comparison.summary(name, "time");
        const fairness = comparison.summary(name, "fairness");
        const longestWait = comparison.summary(name, "longestWait");
        return [
          work,
          name,
          time ? formatTime(time.median) : "-",
          time ? `${formatTime(time.minimum)}..${formatTime(time.maximum)}` : "-",
          time ? Math.round(1e9 / time.median).toLocaleString("en") : "-",
          fairness?.median.toFixed(2) ?? "",
          longestWait ? formatTime(longestWait.median) : "",
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
          of === "time" ? work : `${work}: longest wait`,
          median(goal.ours),
          median(peer),
          peer,
          ratio.median.toFixed(2),
          spread(ratio),
          goal.atMost?.toFixed(2) ?? "-",
          reached === undefined ? "-" : reached ? "yes" : "NO",
          `${ratio.count}/${comparison.rounds.length}`,
        ];
      }),
    ),
  };
}

export function spread({ minimum, maximum }: Summary): string {
  return `${minimum.toFixed(2)}..${maximum.toFixed(2)}`;
}
