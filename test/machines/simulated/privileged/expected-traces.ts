import type { Walk } from "./guest.js";

/**
 * What a monitor does on each walk of its guest, on one processor that is reloaded by software, between the walk's begin and
 * its end: instructions that it emulates, in small letters; causes that it reflects, in capitals; and what else it notes.
 */
export const TRACES: Readonly<Record<Walk, string>> = {
  "system call": steps(
    // The guest's `call` is the monitor's, on the same stack. The guest reloads the program's page of code.
    "call TRANSLATION_MISS write_translation",
    // An upcall for each; the words come from where the monitor has kept them.
    "SYSTEM_CALL argument argument argument argument SYSTEM_CALL PRIVILEGED SYSTEM_CALL",
    "SYSTEM_CALL argument argument argument argument",
    "call SIZE SYSTEM_CALL GROW SYSTEM_CALL SIZE SYSTEM_CALL WAIT SYSTEM_CALL WAIT SYSTEM_CALL NOTIFY",
  ),
  miss: steps(
    "call TRANSLATION_MISS write_translation",
    // Read, then written, then another page written at once.
    "TRANSLATION_MISS write_translation READ_ONLY write_translation TRANSLATION_MISS write_translation SYSTEM_CALL",
    // The guest drops one, whose next use it is told of.
    "SYSTEM_CALL write_translation",
    // A page of data, which the guest waits for within its handler.
    "TRANSLATION_MISS io idle enable_interrupts interrupt 1 enable_interrupts write_translation",
    "TRANSLATION_MISS write_translation",
    // The guest drops all, and reloads the page of code and that of data that it still has.
    "drop_translations call TRANSLATION_MISS write_translation",
    "TRANSLATION_MISS write_translation READ_ONLY write_translation TRANSLATION_MISS write_translation SYSTEM_CALL",
    "SYSTEM_CALL write_translation TRANSLATION_MISS write_translation TRANSLATION_MISS write_translation",
  ),
  "context switch": steps(
    "create_context create_context",
    // The first thread begins in a context of the monitor's, which calls the guest's function.
    "set_space switch_to enable_interrupts call TRANSLATION_MISS write_translation SYSTEM_CALL SYSTEM_CALL switch_to",
    "set_space switch_to enable_interrupts call SYSTEM_CALL SYSTEM_CALL switch_to",
    // Its switch_to comes back in the monitor's frame of the thread's earlier one: the next is the program's system call.
    "set_space switch_to SYSTEM_CALL SYSTEM_CALL switch_to",
    "set_space switch_to SYSTEM_CALL SYSTEM_CALL switch_to",
    "set_space switch_to SYSTEM_CALL SYSTEM_CALL switch_to",
    "set_space switch_to SYSTEM_CALL SYSTEM_CALL switch_to",
    // The programs return, and the threads end.
    "set_space switch_to switch_to set_space switch_to switch_to release release",
  ),
  travel: steps(
    "set_global create_context set_space switch_to enable_interrupts call TRANSLATION_MISS write_translation",
    "SYSTEM_CALL SYSTEM_CALL switch_to set_space switch_to",
    "SYSTEM_CALL SYSTEM_CALL switch_to set_space switch_to",
    "SYSTEM_CALL SYSTEM_CALL switch_to set_space switch_to",
    "SYSTEM_CALL SYSTEM_CALL switch_to set_space switch_to",
    "SYSTEM_CALL SYSTEM_CALL switch_to set_space switch_to",
    "switch_to release",
  ),
  interrupts: steps(
    // In user mode: an upcall.
    "set_timer call TRANSLATION_MISS write_translation TRANSLATION_MISS write_translation interrupt 0",
    // In the guest's kernel: when it enables them.
    "set_timer enable_interrupts interrupt 0 enable_interrupts",
    // In a handler: when that returns to user mode, before anything else. Before a call: in it, at once.
    "call SYSTEM_CALL set_timer interrupt 0 SYSTEM_CALL set_timer call interrupt 0 SYSTEM_CALL",
    "set_timer idle enable_interrupts interrupt 0 enable_interrupts",
    "interrupt interrupt interrupt interrupt set_timer",
    "enable_interrupts interrupt 0 interrupt 5 interrupt 9 interrupt 31 enable_interrupts",
    "enable_interrupts create_context set_space switch_to enable_interrupts call SYSTEM_CALL switch_to enable_interrupts",
  ),
  abandon: steps(
    // The monitor abandons: the upcall of the system call ends, then the call that it executes for the guest.
    "call TRANSLATION_MISS write_translation SYSTEM_CALL SYSTEM_CALL abandon unwound call ended: 42",
    // Only the inner call.
    "call SYSTEM_CALL call SYSTEM_CALL SYSTEM_CALL abandon unwound call ended: 21 SYSTEM_CALL",
    "call FAULT abandon unwound call ended: 103",
    "set_timer call TRANSLATION_MISS write_translation interrupt 0 abandon unwound call ended: 77",
    "enable_interrupts call SYSTEM_CALL SYSTEM_CALL abandon unwound call ended: 43 enable_interrupts",
  ),
  fork: steps(
    "create_context set_space switch_to enable_interrupts call TRANSLATION_MISS write_translation",
    "TRANSLATION_MISS write_translation",
    // The stack is copied with the monitor's frames. The parent goes on, and ends.
    "SYSTEM_CALL create_instance copy_context SYSTEM_CALL switch_to",
    // The copy: in the monitor's frame of copy_context, on the program's copied instance from there on.
    "set_space switch_to replace_instance TRANSLATION_MISS write_translation TRANSLATION_MISS write_translation",
    "SYSTEM_CALL switch_to release release",
  ),
  "call-aborted": steps(
    "create_context set_timer set_space switch_to enable_interrupts call TRANSLATION_MISS write_translation",
    "SYSTEM_CALL set_space call TRANSLATION_MISS write_translation TRANSLATION_MISS write_translation",
    "interrupt 0 context copy_context switch_to",
    // if (copy_context() == 0) abandon(CALL_ABORTED): the inner of two calls ends, in the copy.
    "set_space switch_to abandon unwound call ended: 65535 context set_space SYSTEM_CALL switch_to",
    // The captured thread has all its frames: the server returns to it.
    "set_space switch_to set_space SYSTEM_CALL context switch_to release",
  ),
  devices: steps(
    "io idle enable_interrupts interrupt 1 enable_interrupts io idle enable_interrupts interrupt 1 enable_interrupts",
    "context copy_context release context",
  ),
  global: steps(
    // What is of all spaces for the guest is written for each of its spaces that refers to it, and dropped in all.
    "set_space set_space write_translation",
    "set_space call TRANSLATION_MISS write_translation TRANSLATION_MISS write_translation",
    "set_space call TRANSLATION_MISS write_translation TRANSLATION_MISS write_translation",
    "set_space set_space write_translation call TRANSLATION_MISS write_translation",
    "set_space call TRANSLATION_MISS write_translation",
  ),
};

/** The thread's walk on two processors: each time it goes on, its kernel's frames do so with the globals of that one. */
export const TRAVELLED = steps(
  "call TRANSLATION_MISS write_translation SYSTEM_CALL SYSTEM_CALL switch_to",
  "set_space switch_to moved to 1 TRANSLATION_MISS write_translation SYSTEM_CALL SYSTEM_CALL switch_to",
  "set_space switch_to moved to 0 SYSTEM_CALL SYSTEM_CALL switch_to",
  "set_space switch_to moved to 1 SYSTEM_CALL SYSTEM_CALL switch_to",
  "set_space switch_to moved to 0 SYSTEM_CALL SYSTEM_CALL switch_to",
  "set_space switch_to moved to 1 switch_to",
);

/** The walk "miss" where the guest's tables are walked: the monitor answers from those, or reflects what they lack. */
export const SHADOWED = steps(
  // What the guest has written into its tables is in the shadow once it is referred to.
  "call TRANSLATION_MISS write_translation shadowed code",
  "TRANSLATION_MISS write_translation shadowed 16",
  // Written: the guest lets it, and its bit is set when the monitor answers.
  "READ_ONLY write_translation shadowed 16 TRANSLATION_MISS write_translation shadowed 17 SYSTEM_CALL",
  "SYSTEM_CALL write_translation TRANSLATION_MISS io idle enable_interrupts interrupt 1 enable_interrupts",
  "write_translation shadowed 0 TRANSLATION_MISS write_translation shadowed 16",
  // The shadow is dropped with the translations. What the guest's tables have still is no affair of the guest's.
  "drop_translations call shadowed code",
  "TRANSLATION_MISS write_translation shadowed 16 READ_ONLY write_translation shadowed 16",
  "TRANSLATION_MISS write_translation shadowed 17 SYSTEM_CALL",
  "SYSTEM_CALL write_translation shadowed 0 TRANSLATION_MISS write_translation shadowed 16",
);

function steps(...lines: string[]): string {
  return lines.join(" ");
}
