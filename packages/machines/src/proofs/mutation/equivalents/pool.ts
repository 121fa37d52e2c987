import type { Equivalents } from "./equivalent.js";

const CREATE =
  "const P = createObject(Kind.Pool, lines + E * executorBytes(all) + slots + all * jobs.JOB_BYTES + scheduler);";
const SLOTS = "for (let slot: u32 = 1, last = workers(); slot <= last; slot++)";
const DEMANDED = "if ((read(P + attention) & what) == what) return;";
const LOOKS = "for (; looks > 0; looks--) {";
const SWAPPED = "swapped with what follows";

export const POOL: Equivalents = {
  file: "kernel/library/pool.ts",
  arguments: [
    {
      because: "A pool that has more bytes than it needs is right, too.",
      mutants: [`${CREATE} | 512 is 513`, `${CREATE} | 384 is 385`],
    },
    {
      because: "Nobody knows of the pool before `create` has returned.",
      mutants: [
        `write(P + executors, E); | ${SWAPPED}`,
        `write(P + jobCount, all); | ${SWAPPED}`,
        `write(P + keys, keysOfAll); | ${SWAPPED}`,
        `write(P + policy, number); | ${SWAPPED}`,
        `write(P + maker, me); | ${SWAPPED}`,
      ],
    },
    {
      because: "Nobody but its own worker sleeps at a slot's bell.",
      mutants: ["atomic.notify(place, -1); | -1 is 1"],
    },
    {
      because: "Slot 0 is nobody's: its bell rings for nobody, and it wants nothing.",
      mutants: [`${SLOTS} ringSlot(P, slot); | 1 is 0`, `${SLOTS} { | 1 is 0`],
    },
    {
      because: "Only saves time: where nobody wants a record, no line says so.",
      mutants: [
        "if (read(P + wanted) == 0) return; | branch deleted",
        "write(P + wanted, 0); | store deleted",
        "write(P + wanted, 0); | 0 is 1",
      ],
    },
    {
      because: "Whoever asks for what was asked for already rings once in vain.",
      mutants: [`${DEMANDED} | branch deleted`, `${DEMANDED} | 2 is -1`, `${DEMANDED} | 4 is -1`],
    },
  ],
};

export const POOL_MAKER: Equivalents = {
  file: "kernel/library/pool-maker.ts",
  arguments: [
    {
      because: "The job is the maker's alone: nobody acts on these words before it DIED.",
      mutants: [`jobs.setFlag(J, jobs.UNBEGUN); | ${SWAPPED}`],
    },
    {
      because: "All bells ring afterwards, the maker's, too.",
      mutants: [`compare_and_swap(P + state, OPEN, CLOSED); | ${SWAPPED}`],
    },
    { because: "Slot 0 is nobody's, and has no backlog.", mutants: [`${SLOTS} { | 1 is 0`] },
    {
      because: "Behind the executors' lines is slot 0's, whose bell is 0: no dead worker.",
      mutants: ["for (const all = read(P + executors); e < all; e++) { | lt is le"],
    },
  ],
};

export const POOL_REPAIR: Equivalents = {
  file: "kernel/library/pool-repair.ts",
  arguments: [
    {
      because: "Behind the executors' lines is slot 0's, whose bell is 0: no dead worker.",
      mutants: ["for (let e: u32 = 0, all = read(P + executors); e < all; e++) { | lt is le"],
    },
    {
      because: "What is disowned has no dead owner when the loop looks again.",
      mutants: [
        "if (jobs.disown(J, word)) return; | branch deleted",
        "if (jobs.disown(J, word)) return; | branch deleted | 2",
      ],
    },
    {
      because: "Each of these words says something of its own; nobody reads two of them together.",
      mutants: [
        `write(L + backlog, 0); | ${SWAPPED}`,
        `write(L + armed, 0); | ${SWAPPED}`,
        `write(L + listing, 0); | ${SWAPPED}`,
      ],
    },
  ],
};

export const JOBS: Equivalents = {
  file: "kernel/library/jobs.ts",
  arguments: [
    {
      because: "The state is written over what was added to it.",
      mutants: [
        "atomic.store<u64>(J, withState(wordOf(J) + ((<u64>1) << 32), State.Queued)); | 4294967296 is 4294967297",
      ],
    },
    {
      because: "The record is the caller's alone: in which order its words change, nobody sees.",
      mutants: [`releaseBlock(J + RESULT_BLOCK); | ${SWAPPED}`, `releaseBlock(place + 4); | ${SWAPPED}`],
    },
  ],
};

export const POOL_EXECUTOR: Equivalents = {
  file: "kernel/library/pool-executor.ts",
  arguments: [
    {
      because: "Nobody reads when a job was begun before it runs; one that is claimed is its reader's own.",
      mutants: [
        `write(J + jobs.EXECUTOR, e); | ${SWAPPED}`,
        `write(J + jobs.EXECUTOR, e); | ${SWAPPED} | 2`,
        `write(J + jobs.BEGUN, now); | ${SWAPPED} | 2`,
      ],
    },
    {
      because: "Only saves time: where there is no mail, no bit is set.",
      mutants: [
        "if (read(X + mail) == 0) return NO_JOB; | branch deleted",
        "write(X + mail, 0); | store deleted",
        "write(X + mail, 0); | 0 is 1",
      ],
    },
    {
      because: "The executor alone clears bits, and reads whether there is mail.",
      mutants: [`atomic.and<u32>(place, ~(1 << ctz(set))); | ${SWAPPED}`],
    },
    { because: "A hint to the processor.", mutants: ["pause(); | call deleted"] },
    {
      because: "However often it has looked, it answers what is so in the end.",
      mutants: [`${LOOKS} | branch deleted`, "if (read(place) != number) return true; | branch deleted"],
    },
  ],
};

export const POOL_SUBMITTER: Equivalents = {
  file: "kernel/library/pool-submitter.ts",
  arguments: [
    {
      because: "The search ends where it began: the first record is looked at once more.",
      mutants: ["for (let i: u32 = 0, all = read(P + jobCount); i < all; i++) { | gt is ge"],
    },
    {
      because:
        "Until it is QUEUED, a record, and what the scheduler knows of its task, are its owner's alone: nobody sees the order.",
      mutants: [
        `setBase(S, t, base); | ${SWAPPED}`,
        `setBase(S, t, base); | ${SWAPPED} | 2`,
        `write(J + jobs.FLAGS, 0); | ${SWAPPED}`,
        `write(J + jobs.FLAGS, jobs.PINNED); | ${SWAPPED}`,
        `write(J + jobs.EXECUTOR, e); | ${SWAPPED}`,
        `write(J + jobs.SUBMITTED, now); | ${SWAPPED} | 2`,
      ],
    },
    {
      because: "Only saves time: where nothing is completed, no bit is set.",
      mutants: ["if (read(L + completed) == 0) return 0; | branch deleted"],
    },
    { because: "A hint to the processor.", mutants: ["pause(); | call deleted"] },
    {
      because: "However often it has looked, it answers what is so in the end.",
      mutants: [`${LOOKS} | branch deleted`, "if (read(L + completed) != 0) return true; | branch deleted"],
    },
  ],
};
