import { type Summary, summarize } from "#machines/index.js";

/** What the computer could do around a turn: see kernel/workloads/probe.ts. */
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
  /** Nanoseconds of processor time an operation, of all threads. */
  readonly processor?: number;
  /** The part of the cores' time that other programs had meanwhile, 0 to 1. */
  readonly others?: number;
}

/** What a goal can be of: the least is the best. */
export type Measured = "time" | "longestWait" | "processor";

/** Contenders that are measured one right after the other, each between two probes. */
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
  /** Nanoseconds of ours that are to be reached besides, whatever the peers do. */
  readonly within?: number;
  /** What is compared: `time` where it is not said. */
  readonly of?: Measured;
}

/** A turn and what the computer could do around it. */
export interface ProbedTurn extends Turn {
  readonly before: Probe;
  readonly after: Probe;
}

/** One round of a contest, by contender; who failed is not among them. */
export type Round = Readonly<Record<string, ProbedTurn>>;

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
/** The part of the cores' time that other programs may have in a turn: what a computer at rest does now and then. */
const MOST_OTHERS = 0.1;

/** A contest, its rounds so far, and who is out. */
export class Comparison {
  readonly contest: Contest;
  readonly rounds: Round[] = [];
  /** Why a contender is out, by its name. */
  readonly out = new Map<string, string>();
  /** Whether turns count in which other programs had the cores. */
  readonly #takesAll: boolean;

  constructor(contest: Contest, takesAll = false) {
    this.contest = contest;
    this.#takesAll = takesAll;
  }

  /** A round that does not count, after which code is compiled and threads are there. */
  async warmUp(): Promise<void> {
    for (const name of Object.keys(this.contest.contenders)) await this.#takeTurn(name);
  }

  async measureRound(probe: () => Promise<Probe>): Promise<Round> {
    const round: Record<string, ProbedTurn> = {};
    let before = await probe();
    for (const name of Object.keys(this.contest.contenders)) {
      const turn = await this.#takeTurn(name);
      const after = await probe();
      if (turn) round[name] = { ...turn, before, after };
      before = after;
    }
    this.rounds.push(round);
    return round;
  }

  async #takeTurn(name: string): Promise<Turn | undefined> {
    if (this.out.has(name)) return undefined;
    try {
      const turn = await this.contest.contenders[name]!();
      return typeof turn === "number" ? { time: turn } : turn;
    } catch (error) {
      if (!(error instanceof Disqualified)) throw error;
      this.out.set(name, error.message);
      return undefined;
    }
  }

  /** How many rounds count for that comparison, of ours with a goal's peer, for which the fewest do. */
  comparable(): number {
    const here = (name: string) => name in this.contest.contenders && !this.out.has(name);
    const compared = this.contest.goals.flatMap(({ ours, peers }) => peers.filter(here).map((peer) => [ours, peer]));
    const alone = Object.keys(this.contest.contenders).map((name) => [name]);
    const counts = (compared.length > 0 ? compared : alone).map((names) => this.#roundsOf(names.filter(here)).length);
    return Math.min(...counts);
  }

  /**
   * The rounds in which the turns of all of these count: the cores were theirs, and the probes around them agree with the
   * middle of all probes.
   */
  #roundsOf(names: readonly string[]): Round[] {
    const probes = this.rounds.flatMap((round) => Object.values(round).flatMap(({ before, after }) => [before, after]));
    if (probes.length === 0) return [];
    const roundTrip = summarize(probes.map((probe) => probe.roundTrip))!.median;
    const instructions = summarize(probes.map((probe) => probe.instructions))!.median;
    const near = (a: number, b: number) => Math.max(a, b) / Math.min(a, b) <= TOLERANCE;
    const usual = (probe: Probe) => near(probe.roundTrip, roundTrip) && near(probe.instructions, instructions);
    const counts = (turn: ProbedTurn | undefined) =>
      turn !== undefined && (this.#takesAll || (!isDisturbed(turn) && usual(turn.before) && usual(turn.after)));
    return this.rounds.filter((round) => names.every((name) => counts(round[name])));
  }

  /** What a contender did in its turns that count; undefined where it is out, or did nothing of the kind. */
  summary(contender: string, of: keyof Turn): Summary | undefined {
    if (this.out.has(contender)) return undefined;
    return summarize(this.#roundsOf([contender]).flatMap((round) => round[contender]![of] ?? []));
  }

  /** Of the goals for which ours and a peer did the work in a round that counts for both. */
  outcomes(): Outcome[] {
    return this.contest.goals.flatMap((goal) => {
      const { ours, peers, atMost, within, of = "time" } = goal;
      const median = (peer: string) => this.summary(peer, "time")?.median ?? Number.POSITIVE_INFINITY;
      const peer = [...peers].sort((a, b) => median(a) - median(b))[0];
      if (!peer || !this.summary(ours, of) || !this.summary(peer, of)) return [];
      const ratio = summarize(this.#roundsOf([ours, peer]).map((round) => round[ours]![of]! / round[peer]![of]!));
      if (!ratio) return [];
      const none = atMost === undefined && within === undefined;
      const { median: time } = this.summary(ours, of)!;
      const reached = none ? undefined : ratio.median <= (atMost ?? Infinity) && time <= (within ?? Infinity);
      return { work: this.contest.work, goal, peer, ratio, reached };
    });
  }
}

/** Whether other programs had more of the cores than a comparison allows. */
export function isDisturbed({ others = 0 }: Turn): boolean {
  return others > MOST_OTHERS;
}
