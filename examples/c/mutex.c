/*
 * A mutex whose waiters sleep, for any number of processors.
 * U. Drepper, Futexes are tricky, 2011, section 5 (mutex2).
 *
 *     FREE  ->  HELD  ->  CONTENDED: somebody may sleep, and whoever releases it wakes one
 *
 * A processor that has slept does not know whether it was the last: it takes the mutex as CONTENDED. With -DLOST_WAKEUP it
 * takes it as HELD. Of three processors, the second to sleep is then never woken.
 */
#include "landspout.h"

#ifndef ACQUISITIONS
#define ACQUISITIONS 1
#endif

enum { FREE, HELD, CONTENDED };

#ifdef LOST_WAKEUP
#define AFTER_SLEEP HELD
#else
#define AFTER_SLEEP CONTENDED
#endif

static atomic_int state;
static atomic_int counted;
static int counter;

/* Returns what was there. */
static int exchange_if(int expected, int desired) {
  atomic_compare_exchange_strong(&state, &expected, desired);
  return expected;
}

static void acquire(void) {
  int found = exchange_if(FREE, HELD);
  while (found != FREE) {
    if (found == CONTENDED || exchange_if(HELD, CONTENDED) != FREE) wait(&state, CONTENDED);
    found = exchange_if(FREE, AFTER_SLEEP);
  }
}

static void release(void) {
  if (atomic_exchange(&state, FREE) == CONTENDED) notify(&state, 1);
}

ENTRY(run) void run(void) {
  for (int i = 0; i < ACQUISITIONS; i++) {
    acquire();
    counter++;
    release();
  }
  counted += ACQUISITIONS;
}

ENTRY(final) void final(void) {
  CHECK(counter == counted);
  CHECK(state == FREE);
}
