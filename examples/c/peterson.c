/*
 * Peterson's lock for two processors: I want in, but you go first; wait while you want in and it is your turn.
 * G. L. Peterson, Myths about the mutual exclusion problem, IPL 12(3), 1981.
 *
 * With -DPLAIN its words are no atomics: a data race. The lock then excludes only as long as every store is seen at once.
 * On a machine with store buffers (--model tso) each reads the other's word before its own store is seen, and both enter.
 */
#include "landspout.h"

#ifndef ACQUISITIONS
#define ACQUISITIONS 2
#endif

#ifdef PLAIN
typedef volatile int word;
#else
typedef atomic_int word;
#endif

static word interested[2];
static word turn;
static volatile int counter;

static void acquire(unsigned me) {
  unsigned other = 1 - me;
  interested[me] = 1;
  turn = other;
  while (interested[other] && turn == other) pause();
}

static void release(unsigned me) {
  interested[me] = 0;
}

ENTRY(run) void run(void) {
  unsigned me = processor();
  for (int i = 0; i < ACQUISITIONS; i++) {
    acquire(me);
    counter++;
    release(me);
  }
}

ENTRY(final) void final(void) {
  CHECK(counter == 2 * ACQUISITIONS);
}
