/** Services against packages that call from thread to thread: who takes part in which work, and what is to be reached. */
import type { Contest, Goal } from "../comparison.js";
import type { PeerName } from "./peers.js";
import { blockingHereTurn, blockingTurn, type Crowd, promisedTurn } from "./turns.js";
import type { SizeName } from "./values.js";

const ALONE: Crowd = { callers: 1, servers: 1 };
const BY_HAND: PeerName = "MessagePort, receiveMessageOnPort";
const BOTH_BLOCK: PeerName = "MessagePort, both block";
const BLOCKING: readonly PeerName[] = ["landspout", "synckit", BY_HAND];
/** As most programs use it. */
const IN_MAIN = "synckit, main thread";
const SYNCKITS = ["synckit", IN_MAIN];
const PROMISED: readonly PeerName[] = ["landspout", "comlink", "birpc", "MessagePort"];

export function callContests(cores: number, milliseconds: number): Contest[] {
  const against = (peers: readonly string[], atMost: number | undefined, within?: number): Goal => ({
    ours: "landspout",
    peers,
    atMost,
    ...(within !== undefined && { within }),
  });
  const blocking = (size: SizeName, goals: readonly Goal[], others: readonly PeerName[] = []): Contest => ({
    work: `call that blocks: ${size}`,
    contenders: {
      ...Object.fromEntries(
        [...BLOCKING, BOTH_BLOCK, ...others].map((peer) => [peer, () => blockingTurn(peer, size, ALONE, milliseconds)]),
      ),
      [IN_MAIN]: () => blockingHereTurn("synckit", size, milliseconds),
    },
    goals: [...goals, against([BY_HAND, BOTH_BLOCK], undefined)],
  });
  const promised = (work: string, outstanding: number, goals: readonly Goal[]): Contest => ({
    work,
    contenders: Object.fromEntries(PROMISED.map((peer) => [peer, () => promisedTurn(peer, outstanding, milliseconds)])),
    goals,
  });
  const many = 2 * cores;
  const crowd = { callers: many, servers: many };
  const eight = "landspout, 8 callers";
  const one = "landspout, 1 caller";
  return [
    blocking("8 bytes", [against(SYNCKITS, 1 / 100, 150)]),
    blocking("200 bytes", [against(SYNCKITS, 1 / 20, 400)], ["landspout, any values"]),
    blocking("4,096 bytes", [against(SYNCKITS, 1 / 20, 900)], ["landspout, any values"]),
    {
      work: `call that blocks: 8 bytes, ${many} callers, ${many} servers`,
      contenders: Object.fromEntries(
        BLOCKING.map((peer) => [peer, () => blockingTurn(peer, "8 bytes", crowd, milliseconds)]),
      ),
      goals: [against(["synckit"], 1), against([BY_HAND], undefined)],
    },
    {
      work: "call that blocks: 8 callers of one service, and 1",
      contenders: {
        [eight]: () => blockingTurn("landspout", "8 bytes", { callers: 8, servers: 1 }, milliseconds),
        [one]: () => blockingTurn("landspout", "8 bytes", ALONE, milliseconds),
      },
      goals: [
        { ours: eight, peers: [one], atMost: 1.3 },
        { ours: eight, peers: [one], atMost: undefined, within: 50e6, of: "longestWait" },
      ],
    },
    promised("promised call: from the main thread, one after the other", 1, [
      against(["comlink", "birpc"], 1 / 10, 1200),
      against(["MessagePort"], undefined),
    ]),
    promised("promised call: from the main thread, 256 outstanding", 256, [
      against(["comlink", "birpc"], 1 / 10, 1e3 / 1.3),
      against(["MessagePort"], undefined),
    ]),
  ];
}
