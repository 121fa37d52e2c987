import { type Summary, summarize } from "#dist/machines.js";

/** What the computer could do around a round: see kernel/workloads/probe.ts. */
export interface Probe {
  /** Nanoseconds in which a cache line goes to another processor and comes back, by compare_and_swap. */
  readonly roundTrip: number;
  /** Dependent instructions a nanosecond: about the clock in GHz. */
  readonly instructions: number;
}

/** Contenders that are measured one right after the other, between two probes. */
export interface Contest {
  readonly work: string;
  /** Nanoseconds an operation, by contender; the first is ours. */
  readonly contenders: Readonly<Record<string, () => Promise<number>>>;
  readonly goals: readonly Goal[];
}

/** What is to be reached: our time by the peer's at most `atMost`; undefined where the ratio is only to be known. */
export interface Goal {
  readonly ours: string;
  readonly peer: string;
  readonly atMost: number | undefined;
}

/** One round of a contest. */
export interface Round {
  readonly before: Probe;
  readonly after: Probe;
  readonly times: Readonly<Record<string, number>>;
}

/** How far two probes may lie apart and still agree: what repeated probes do on a computer at rest. */
const TOLERANCE = 1.25;

export async function measureRound(contest: Contest, probe: () => Promise<Probe>): Promise<Round> {
  const before = await probe();
  const times: Record<string, number> = {};
  for (const [name, measure] of Object.entries(contest.contenders)) times[name] = await measure();
  return { before, after: await probe(), times };
}

/** The rounds whose probes agree with each other and with the middle of all rounds. */
export function comparableRounds(rounds: readonly Round[]): Round[] {
  if (rounds.length === 0) return [];
  const probes = rounds.flatMap(({ before, after }) => [before, after]);
  const roundTrip = summarize(probes.map((probe) => probe.roundTrip))!.median;
  const instructions = summarize(probes.map((probe) => probe.instructions))!.median;
  const near = (a: number, b: number) => Math.max(a, b) / Math.min(a, b) <= TOLERANCE;
  const usual = (probe: Probe) => near(probe.roundTrip, roundTrip) && near(probe.instructions, instructions);
  return rounds.filter(({ before, after }) => usual(before) && usual(after));
}

/** Our time by the peer's, round by round. */
export function ratios(rounds: readonly Round[], { ours, peer }: Goal): Summary | undefined {
  return summarize(rounds.map(({ times }) => times[ours]! / times[peer]!));
}

export function reached(atMost: number, ratio: Summary): boolean {
  return ratio.median <= atMost;
}
