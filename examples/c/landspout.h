/*
 * What a program for Landspout's machines is made of: the instructions that WebAssembly lacks, waiting and waking, and
 * entry points. kernel/machine.ts says what each instruction costs on which machine.
 */
#pragma once
#include <stdatomic.h>

#define INSTRUCTION(name) __attribute__((import_module("machine"), import_name(#name)))

/* Which processor executes this, 0 to processors() - 1. */
INSTRUCTION(processor) unsigned processor(void);
INSTRUCTION(processors) unsigned processors(void);
/* Nothing to do until memory changes. */
INSTRUCTION(pause) void pause(void);
/* Computes for so many cycles without touching memory. */
INSTRUCTION(work) void work(unsigned cycles);
/* Nanoseconds on this computer, cycles on a simulated machine. */
INSTRUCTION(clock) double clock(void);
/* What the processor's hardware has counted: 1, misses of its cache; 2, those that a shared cache missed, too. */
INSTRUCTION(counter) unsigned hardware_counter(unsigned kind);
/* A point in what the program does, for measurements. */
INSTRUCTION(mark) void mark(unsigned event, unsigned value);
/* An object is asked for an operation, 0, 1, ..., and has answered: what a specification is compared with. */
INSTRUCTION(invoke) void invoke(unsigned operation, unsigned argument);
INSTRUCTION(result) void result(unsigned value);
/* A property is violated: ends the run. */
INSTRUCTION(fail) void fail(unsigned reason);

/* A function that a machine can begin with: ENTRY(run) void run(void). */
#define ENTRY(name) __attribute__((export_name(#name)))

/* Fails with the line on which it stands. */
#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__))

/* Sleeps if the word still has that value, until a notify; sleep and look are one step. */
static inline void wait(atomic_int *word, int value) {
  __builtin_wasm_memory_atomic_wait32((int *)word, value, -1);
}

/* Wakes at most so many of those who sleep at the word. */
static inline void notify(atomic_int *word, unsigned most) {
  __builtin_wasm_memory_atomic_notify((int *)word, most);
}
