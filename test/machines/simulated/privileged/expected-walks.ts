import type { MachineName, Walk } from "./guest.js";

/** What the kernel notes on each walk, on so many processors: see guest/walks.ts, and guest/answers.ts. */
export function expectedOf(walk: Walk, processors: number, machine: MachineName): string[] {
  if (walk === "travel") return travelOn(processors);
  if (walk === "devices") return devicesOn(processors);
  return EXPECTED[walk].filter((line) => machine === "walking" || !line.startsWith("bits"));
}

const EXPECTED: Readonly<Record<Exclude<Walk, "travel" | "devices">, string[]>> = {
  "system call": [
    // An import of another module: an i64 as two words, then an i32. There are no more.
    "foreign 1 2",
    "foreign 1 3",
    "foreign 0 0",
    "says 6",
    // context(), in user mode.
    "privileged 6",
    "says 66",
    // All four words of `trap`.
    "sum 5 6",
    "sum 7 8",
    "returned 51",
    // What the kernel answers is the program's result, whatever that is.
    "size",
    "says 3",
    "grow 1",
    "says 2",
    "size",
    "says 3",
    "wait 4 1",
    "says 1",
    "wait 4 0",
    "says 2",
    "notify 7 98304",
    "returned 6",
  ],
  miss: [
    // Read first: valid, not writable. Then written: read only. Written at once: writable.
    "miss 16 0",
    "read only 16 1",
    "miss 17 1",
    "says 7",
    // Its translation is dropped, its contents are gone; the other page is as before.
    "drop 16",
    // Tables that are walked have been marked: ACCESSED and DIRTY.
    "bits 16 12",
    // 3 + 4 said, then 0 + 4, then the second word of its data, which comes from the disk: the compiler has it read first.
    "miss 0 0",
    "read from disk",
    "miss 16 0",
    "returned 83",
    // The tables are changed first, and no page is named. Of the two pages one has only been read since.
    "bits 16 4",
    "bits 17 12",
    "all dropped",
    "miss 16 0",
    "read only 16 1",
    "miss 17 1",
    "says 7",
    "drop 16",
    "bits 16 12",
    "miss 16 0",
    "returned 83",
  ],
  "context switch": [
    "thread begins 0 0",
    "says 100",
    "yields 0 0",
    "thread begins 1 0",
    "says 200",
    "yields 1 0",
    // Each comes back in the kernel's frame of its own system call, and the system call returns.
    "goes on 0 0",
    "says 101",
    "yields 0 0",
    "goes on 1 0",
    "says 201",
    "yields 1 0",
    "goes on 0 0",
    "says 102",
    "yields 0 0",
    "goes on 1 0",
    "says 202",
    "yields 1 0",
    // 20: processors(), as the kernel has set it.
    "goes on 0 0",
    "thread ends 0 20",
    "goes on 1 0",
    "thread ends 1 20",
  ],
  interrupts: [
    "in user mode",
    "miss 24 1",
    "interrupt 0",
    // What the handler has stored ends the program's loop.
    "returned 7",
    "pending until enabled",
    "worked 50000",
    "interrupt 0",
    "were enabled 0",
    "are enabled 1",
    // It comes between the handler's return and the program's next trap.
    "pending until back in user mode, and until there",
    "worked 50000",
    "interrupt 0",
    "says 1",
    "returned 8",
    // It comes between `call` and the program's first trap.
    "worked 50000",
    "interrupt 0",
    "says 9",
    "returned 9",
    "pending and not taken",
    "idle no more",
    "interrupt 0",
    "enabled",
    // The timer comes first, which `work` sets; 9 was sent twice.
    "merged, the least first",
    "worked 50000",
    "interrupt 0",
    "interrupt 5",
    "interrupt 9",
    "interrupt 31",
    // It begins with interrupts off; the flag is the processor's, so they are when it has switched back.
    "by a thread that begins while they are enabled",
    "thread begins 0 0",
    "says 10",
    "thread ends 0 10",
    "are enabled 0",
  ],
  abandon: [
    // What the program does after the system call is not executed.
    "says 42",
    "exits 42",
    "returned 42",
    // The inner of two calls ends, and the outer one goes on.
    "says 21",
    "exits 21",
    "nested 21",
    "says 21",
    "returned 22",
    // Fault.First + 1: a division by zero.
    "fault 3 0",
    "returned 103",
    // From the handler of an interrupt.
    "miss 24 1",
    "interrupt 0",
    "returned 77",
    // The flag is that of the time of the call.
    "were enabled 0",
    "says 43",
    "exits 43",
    "returned 43",
    "were enabled 1",
  ],
  fork: [
    "thread begins 0 0",
    "miss 24 1",
    "copied 0 1",
    // 5 + 10 in its global, and 1 more in its memory.
    "says 15",
    "thread ends 0 16",
    // The copy has globals and memory as they were: 5 + 100.
    "copy goes on 1 0",
    "says 105",
    "thread ends 1 106",
    // Read first, then written.
    "bits 24 12",
  ],
  "call-aborted": [
    "thread begins 0 0",
    "miss 24 1",
    "interrupt 0",
    "call is aborted",
    // The caller's call has ended, though the server has not.
    "the copy",
    "call aborted",
    "server returned 65535",
    "says 65535",
    "thread ends 0 65536",
    // The server ends, and its thread with it.
    "the captured one",
    "server goes on",
    "says 8",
    "captured thread returns 8",
  ],
  // Two spaces have one frame, then another one: the second space drops the translation, for both.
  global: ["returned 1", "returned 1", "returned 2", "returned 2", "own 0"],
};

/** The program says what processor() answers; the kernel's own globals say the same, each time that the thread goes on. */
function travelOn(processors: number): string[] {
  const on = (turn: number) => turn % processors;
  return [
    "thread begins 0 0",
    ...[0, 1, 2, 3, 4].flatMap((turn) => [
      `says ${10 + on(turn)}`,
      `yields 0 ${on(turn)}`,
      `goes on 0 ${on(turn + 1)}`,
    ]),
    "thread ends 0 1005",
  ];
}

/** Contexts and instances have one number space: first the processors' contexts, then two instances, then the copy. */
function devicesOn(processors: number): string[] {
  return ["typed 5 116", `numbers 1 ${processors + 3}`, "number 1"];
}
