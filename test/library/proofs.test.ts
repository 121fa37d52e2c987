import { describe, expect, test } from "vitest";
import { type Mutant, mutate, prove, type Scene } from "./proofs.js";

const twice = (run: string) => [run, run];

const SCENES: readonly Scene[] = [
  { protocol: "semaphore", runs: twice("run"), scene: [1, 2, 1, 1, 0, 32], deaths: 0 },
  { protocol: "semaphore", runs: twice("run"), scene: [1, 1, 1, 1, 0, 32], deaths: 2 },
  { protocol: "semaphore", runs: twice("run"), scene: [2, 1, 2, 1, 0, 32], deaths: 1 },
  { protocol: "semaphore", runs: ["run", "impatient"], scene: [2, 1, 1, 2, 0, 32], deaths: 1 },
  { protocol: "semaphore", runs: ["run", "run", "run"], scene: [2, 1, 2, 1, 1, 32], deaths: 0 },
  { protocol: "semaphore", runs: ["signal", "impatient", "signal"], scene: [0, 1, 1, 2, 1, 32], deaths: 0 },
  { protocol: "semaphore", runs: ["signal", "impatient", "signal"], scene: [0, 1, 1, 2, 1, 0], deaths: 0 },
  { protocol: "rw_lock", runs: ["write", "read"], scene: [1, 0], deaths: 2 },
  { protocol: "rw_lock", runs: ["write", "read"], scene: [1, 31], deaths: 1 },
  { protocol: "rw_lock", runs: ["write", "write"], scene: [1, 0], deaths: 1 },
  { protocol: "rw_lock", runs: ["impatient", "read"], scene: [1, 0], deaths: 1 },
  { protocol: "rw_lock", runs: ["write", "read", "read"], scene: [1, 0], deaths: 0 },
  { protocol: "rw_lock", runs: ["write", "read", "write"], scene: [1, 31], deaths: 0 },
  { protocol: "ticket_lock", runs: twice("run"), scene: [2], deaths: 1 },
  { protocol: "ticket_lock", runs: ["run", "impatient"], scene: [1], deaths: 2 },
  { protocol: "ticket_lock", runs: ["impatient", "try"], scene: [1], deaths: 1 },
  { protocol: "ticket_lock", runs: ["run", "impatient", "try"], scene: [1], deaths: 0 },
  { protocol: "ticket_lock", runs: ["run", "run", "run"], scene: [1], deaths: 1 },
];

type Bug = readonly [bug: string, mutant: Mutant, found: { readonly kind: string; readonly scene: Scene }];

const BUGS: readonly Bug[] = [
  [
    "a semaphore that wakes one where the permits are for another",
    { file: "semaphore", from: "permits > 1 || isLarge ||", to: "" },
    { kind: "deadlock", scene: SCENES[6]! },
  ],
  [
    "a semaphore that a sleeper leaves with the turn",
    { file: "semaphore", from: "if (wasFirst) set(S + turn, 0);", to: "" },
    { kind: "deadlock", scene: SCENES[5]! },
  ],
  [
    "a semaphore whose sleepers are not woken for one who died",
    { file: "semaphore", from: "repairEventcount(S + changes)", to: "wakeAll(S + changes)" },
    { kind: "deadlock", scene: SCENES[2]! },
  ],
  [
    "a semaphore that is forgotten before its permits are given back",
    {
      file: "semaphore",
      from: "const had = read(mine);\n  if (had < permits) return false;",
      to: "const had = read(mine);\n  if (had < permits) return false;\n  drop(S);",
    },
    { kind: "final", scene: SCENES[1]! },
  ],
  [
    "a readers-writer lock whose writers look at the readers before they announce themselves",
    {
      file: "rw-lock",
      from: "    const result = announce(W + drained, as);\n    if (anybodyReads(W)) return result;",
      to: "    return announce(W + drained, as);",
    },
    { kind: "deadlock", scene: SCENES[7]! },
  ],
  [
    "a readers-writer lock whose readers look for writers before they count themselves",
    {
      file: "rw-lock",
      from: "    write(mine, count + 1);\n    const owner = lock.owner(L);",
      to: "    const owner = lock.owner(L);\n    write(mine, count + 1);",
    },
    { kind: "race", scene: SCENES[7]! },
  ],
  [
    "a readers-writer lock whose readers overtake who slept with them when they are woken",
    { file: "rw-lock", from: "if (as != lock.SLEPT) {", to: "if (true) {" },
    { kind: "deadlock", scene: SCENES[11]! },
  ],
  [
    "a readers-writer lock that counts readers who died",
    { file: "rw-lock", from: "  write(readsOf(W, dead), 0);\n", to: "" },
    { kind: "final", scene: SCENES[7]! },
  ],
  [
    "a readers-writer lock that does not tell of a writer who died",
    { file: "rw-lock", from: "write(W + writer, ABANDONED)", to: "write(W + writer, 0)" },
    { kind: "failure", scene: SCENES[9]! },
  ],
  [
    "a ticket lock whose workers do not say that they choose",
    {
      file: "ticket-lock",
      from: "if (claim == CHOOSING || claim == claimed(serving)) return false;",
      to: "if (claim == claimed(serving)) return false;",
    },
    { kind: "race", scene: SCENES[17]! },
  ],
  [
    "a ticket lock that forgets its claim before it serves the next",
    {
      file: "ticket-lock",
      from: "  write(T + now_serving, read(T + now_serving) + 1);\n  leave(T);",
      to: "  leave(T);\n  write(T + now_serving, read(T + now_serving) + 1);",
    },
    { kind: "failure", scene: SCENES[17]! },
  ],
  [
    "a ticket lock whose tickets are served to who died",
    { file: "ticket-lock", from: "  write(claimOf(T, dead), NONE);\n", to: "" },
    { kind: "final", scene: SCENES[14]! },
  ],
];

const title = ({ protocol, runs, scene, deaths }: Scene) =>
  `${protocol} holds: ${runs.join(", ")} in scene ${scene.join(", ")}, ${deaths} deaths`;

describe("check", () => {
  test.each(SCENES.map((scene) => [title(scene), scene] as const))("%s", async (_, scene) => {
    expect((await prove(scene)).violation?.message).toBeUndefined();
  });

  test.each(BUGS)("finds %s", async (_, mutant, { kind, scene }) => {
    const { violation } = await prove(scene, await mutate(mutant));
    expect(violation?.kind, violation?.message).toBe(kind);
  });
});
