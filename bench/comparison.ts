import { type Summary, summarize } from "#dist/machines.js";

/** What the computer could do around a round: see kernel/workloads/probe.ts. */
export interface Probe {
  /** Nanoseconds in which a cache line goes to another processor and comes back, by compare_and_swap. */
  readonly roundTrip: number;
  /** Dependent instructions a nanosecond: about the clock in GHz. */
  readonly instructions: number;
}

/** What a contender did in one round. */
export interface Turn {
  /** Nanoseconds an operation. */
  readonly time: number;
  /** Nanoseconds of the longest wait of any thread. */
  readonly longestWait?: number;
  /** Jain's index of the threads' operations. */
  readonly fairness?: number;
}

/** Contenders that are measured one right after the other, between two probes. */
export interface Contest {
  readonly work: string;
  /** A number is nanoseconds an operation. */
  readonly contenders: Readonly<Record<string, () => Promise<Turn | number>>>;
  readonly goals: readonly Goal[];
}

/** What is to be reached: ours by the best peer's at most `atMost`; undefined where the ratio is only to be known. */
export interface Goal {
  readonly ours: string;
  readonly peers: readonly string[];
  readonly atMost: number | undefined;
  /** What is compared: `time` where it is not said. */
  readonly of?: "time" | "longestWait";
}

/** One round of a contest. */
export interface Round {
  readonly before: Probe;
  readonly after: Probe;
  /** By contender; who failed is not among them. */
  readonly turns: Readonly<Record<string, Turn>>;
}

/** A goal and what came of it. */
export interface Outcome {
  readonly work: string;
  readonly goal: Goal;
  /** The best of the goal's peers that did the work: the one with the least median time. */
  readonly peer: string;
  /** Ours by the peer's, round by round. */
  readonly ratio: Summary;
  /** Undefined where there is nothing to reach. */
  readonly reached: boolean | undefined;
}

/** A contender did not do what it promises, and is out of the contest. */
export class Disqualified extends Error {}

/** How far two probes may lie apart and still agree: what repeated probes do on a computer at rest. */
const TOLERANCE = 1.25;

/** A contest, its rounds so far, and who is out. */
export class Comparison {
  readonly contest: Contest;
  readonly rounds: Round[] = [];
  /** Why a contender is out, by its name. */
  readonly out = new Map<string, string>();

  constructor(contest: Contest) {
    this.contest = contest;
  }

  /** A round that does not count, after which code is compiled and threads are there. */
  async warmUp(): Promise<void> {
    await this.#takeTurns();
  }

  async measureRound(probe: () => Promise<Probe>): Promise<Round> {
    const before = await probe();
    const turns = await this.#takeTurns();
    const round = { before, after: await probe(), turns };
    this.rounds.push(round);
    return round;
  }

  async #takeTurns(): Promise<Record<string, Turn>> {
    const turns: Record<string, Turn> = {};
    for (const [name, measure] of Object.entries(this.contest.contenders)) {
      if (this.out.has(name)) continue;
      try {
        const turn = await measure();
        turns[name] = typeof turn === "number" ? { time: turn } : turn;
      } catch (error) {
        if (!(error instanceof Disqualified)) throw error;
        this.out.set(name, error.message);
      }
    }
    return turns;
  }

  /** The rounds whose probes agree with each other and with the middle of all rounds. */
  comparable(): Round[] {
    if (this.rounds.length === 0) return [];
    const probes = this.rounds.flatMap(({ before, after }) => [before, after]);
    const roundTrip = summarize(probes.map((probe) => probe.roundTrip))!.median;
    const instructions = summarize(probes.map((probe) => probe.instructions))!.median;
    const near = (a: number, b: number) => Math.max(a, b) / Math.min(a, b) <= TOLERANCE;
    const usual = (probe: Probe) => near(probe.roundTrip, roundTrip) && near(probe.instructions, instructions);
    return this.rounds.filter(({ before, after }) => usual(before) && usual(after));
  }

  /** What a contender did in the comparable rounds; undefined where it is out, or did nothing of the kind. */
  summary(contender: string, of: keyof Turn): Summary | undefined {
    if (this.out.has(contender)) return undefined;
    return summarize(this.comparable().flatMap(({ turns }) => turns[contender]?.[of] ?? []));
  }

  /** Of the goals for which ours and a peer did the work in a comparable round. */
  outcomes(): Outcome[] {
    return this.contest.goals.flatMap((goal) => {
      const { ours, peers, atMost, of = "time" } = goal;
      const median = (peer: string) => this.summary(peer, "time")?.median ?? Number.POSITIVE_INFINITY;
      const peer = [...peers].sort((a, b) => median(a) - median(b))[0];
      if (!peer || !this.summary(ours, of) || !this.summary(peer, of)) return [];
      const ratio = summarize(this.comparable().map(({ turns }) => turns[ours]![of]! / turns[peer]![of]!))!;
      const reached = atMost === undefined ? undefined : ratio.median <= atMost;
      return { work: this.contest.work, goal, peer, ratio, reached };
    });
  }
}
