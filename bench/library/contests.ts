/** The library against its peers: who takes part in which work, and what is to be reached. */
import type { Contest, Goal, Turn } from "../comparison.js";
import { Crew } from "./crew.js";
import type { ChannelShape, Peer } from "./peer.js";
import { loadPeer, PEERS, type PeerName } from "./peers.js";
import {
  allocationTurn,
  awaitedPairsTurn,
  contendedTurn,
  countingTurn,
  type Entrant,
  messagesTurn,
  pairTurn,
  pingPongTurn,
  unlockedTurn,
} from "./turns.js";
import type { Sections } from "./work.js";

const NPM_LOCKS = ["multithreading", "Node's locks"];
/** Of the tasks of one thread: nothing that two could contend for. */
const TASK_LOCKS = ["async-mutex"];
const ATOMICS_LOCKS = ["Atomics, 3 states", "Atomics, 2 states"];

export class LibraryContests {
  readonly contests: readonly Contest[];
  /** Peers that this Node does not have. */
  readonly absent: readonly string[];
  readonly #entrants: ReadonlyMap<string, Entrant>;

  /** Every peer gets threads of its own, which work for `milliseconds` a turn. */
  static async load(cores: number, milliseconds: number): Promise<LibraryContests> {
    const entrants = new Map<string, Entrant>();
    for (const name of Object.keys(PEERS) as PeerName[]) {
      const peer = await loadPeer(name);
      if (peer) entrants.set(name, { peer, crew: new Crew(name), milliseconds });
    }
    return new LibraryContests(entrants, cores);
  }

  private constructor(entrants: ReadonlyMap<string, Entrant>, cores: number) {
    this.#entrants = entrants;
    this.absent = Object.keys(PEERS).filter((name) => !entrants.has(name));
    this.contests = [
      this.#uncontended(),
      ...this.#contended("short", { inside: 8, outside: 32 }),
      ...this.#contended("long", { inside: 250, outside: 1000 }),
      this.#pingPong(),
      this.#messages("8 B, 1 to 1", { producers: 1, consumers: 1, bytes: 8 }, 0.2),
      this.#messages("1 KB, 1 to 1", { producers: 1, consumers: 1, bytes: 1024 }, undefined),
      this.#messages("8 B, 2 to 2", { producers: 2, consumers: 2, bytes: 8 }, undefined),
      this.#messages("1 KB, 2 to 2", { producers: 2, consumers: 2, bytes: 1024 }, undefined),
      this.#counting(cores),
      this.#allocation("1 worker, 1 block", 1, 1),
      this.#allocation("1 worker, 256 blocks", 1, 256),
      this.#allocation(`${cores} workers, 256 blocks each`, cores, 256),
    ];
  }

  async close(): Promise<void> {
    for (const { crew } of this.#entrants.values()) await crew.close();
  }

  /** Blocking forms by their peer's name, the others as `NAME, awaited`. */
  #uncontended(): Contest {
    const contenders: Record<string, () => Promise<number>> = {};
    for (const [name, { peer }] of this.#entrants) {
      const [pair, awaitedPairs] = [peer.pair?.(), peer.awaitedPairs?.()];
      if (pair) contenders[name] = () => pairTurn(pair);
      if (awaitedPairs) contenders[awaited(name)] = () => awaitedPairsTurn(awaitedPairs);
    }
    const awaitedLocks = [...NPM_LOCKS, ...TASK_LOCKS].map(awaited);
    return {
      work: "lock and unlock, nobody else",
      contenders,
      goals: [
        goal([...NPM_LOCKS, ...awaitedLocks], 0.5),
        goal(ATOMICS_LOCKS, undefined),
        { ours: awaited("landspout"), peers: awaitedLocks, atMost: undefined },
      ],
    };
  }

  /** What one thread takes that has no lock is no goal, but how far a lock can go where its sections stay on one core. */
  #contended(length: string, sections: Sections): Contest[] {
    const peers = [...NPM_LOCKS, ...ATOMICS_LOCKS];
    const alone = this.#contest(`${length} sections, no lock`, "lock", ["no lock"], [], (entrant) =>
      unlockedTurn(entrant, sections),
    );
    const goals = {
      2: [goal(peers, undefined), goal(NPM_LOCKS, undefined)],
      8: [goal(peers, 0.5), goal(NPM_LOCKS, 0.5), { ...goal(peers, 1), of: "longestWait" as const }],
    };
    const contended = ([2, 8] as const).map((workers) =>
      this.#contest(
        `${length} sections, ${workers} workers`,
        "lock",
        ["landspout", ...peers],
        goals[workers],
        (entrant) => contendedTurn(entrant, workers, sections),
      ),
    );
    return [alone, ...contended];
  }

  #pingPong(): Contest {
    const goals = [goal(["multithreading"], undefined), goal(ATOMICS_LOCKS, undefined)];
    return this.#contest(
      "condition, ping-pong",
      "monitor",
      ["landspout", "multithreading", ...ATOMICS_LOCKS],
      goals,
      pingPongTurn,
    );
  }

  #messages(title: string, shape: ChannelShape, atMost: number | undefined): Contest {
    const numbers = shape.bytes === 8 ? ["landspout, numbers", "MessagePort, numbers"] : [];
    const rings = shape.producers === 1 ? ["ringbuf.js"] : [];
    const goals = [
      goal(["MessagePort, bytes", "MessagePort, numbers"], atMost),
      { ours: "landspout, numbers", peers: ["MessagePort, numbers"], atMost },
      goal(["multithreading"], undefined),
      goal(rings, undefined),
    ];
    return this.#contest(
      `messages of ${title}`,
      "channel",
      ["landspout", "MessagePort, bytes", ...numbers, "multithreading", ...rings],
      goals,
      (entrant) => messagesTurn(entrant, shape),
    );
  }

  #counting(cores: number): Contest {
    return this.#contest(
      `counter, ${cores} workers`,
      "counter",
      ["landspout", "Atomics.add"],
      [goal(["Atomics.add"], 0.1)],
      (entrant) => countingTurn(entrant, cores),
    );
  }

  #allocation(title: string, workers: number, live: number): Contest {
    return this.#contest(
      `allocation: ${title}`,
      "allocator",
      ["landspout", "landspout, addresses", "@thi.ng/malloc", "@thi.ng/malloc, addresses"],
      [
        goal(["@thi.ng/malloc"], undefined),
        { ours: "landspout, addresses", peers: ["@thi.ng/malloc, addresses"], atMost: undefined },
      ],
      (entrant) => allocationTurn(entrant, live, workers),
    );
  }

  /** Among those of the names who are there and offer it. */
  #contest(
    work: string,
    offer: keyof Peer,
    names: readonly string[],
    goals: readonly Goal[],
    turn: (entrant: Entrant) => Promise<Turn>,
  ): Contest {
    const present = names.flatMap((name) => {
      const entrant = this.#entrants.get(name);
      return entrant?.peer[offer] ? [[name, () => turn(entrant)] as const] : [];
    });
    return { work, contenders: Object.fromEntries(present), goals };
  }
}

function awaited(name: string): string {
  return `${name}, awaited`;
}

/** Of the library. */
function goal(peers: readonly string[], atMost: number | undefined): Goal {
  return { ours: "landspout", peers, atMost };
}
