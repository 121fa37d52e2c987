/*
 * A mutex whose waiters sleep, for any number of processors that may die: between any two accesses, or asleep.
 *
 *     FREE  ->  its owner + 1  ->  the same | CONTENDED: somebody may sleep, and whoever releases it wakes one
 *
 * Whoever sees a processor's death calls repair. A mutex that the dead one had is free again. That is not enough: it may
 * have died between freeing it and waking the next one, or just after it was woken itself. So one is woken in any case. With
 * -DHASTY that is forgotten.
 */
#include "landspout.h"

enum { FREE, OWNER = 0xff, CONTENDED = 0x100 };

static atomic_int state;
static atomic_int counted;
static int counter;

/* Returns what was there. */
static int exchange_if(int expected, int desired) {
  atomic_compare_exchange_strong(&state, &expected, desired);
  return expected;
}

static void acquire(int me) {
  int found = exchange_if(FREE, me);
  while (found != FREE) {
    if (found & CONTENDED || exchange_if(found, found | CONTENDED) == found) wait(&state, found | CONTENDED);
    found = exchange_if(FREE, me | CONTENDED);
  }
}

static void release(void) {
  if (atomic_exchange(&state, FREE) & CONTENDED) notify(&state, 1);
}

ENTRY(run) void run(void) {
  acquire(processor() + 1);
  counter++;
  release();
  counted++;
}

ENTRY(repair) void repair(int dead) {
  if ((state & OWNER) == dead + 1) release();
#ifndef HASTY
  notify(&state, 1);
#endif
}

/* Who died may have counted or not. */
ENTRY(final) void final(void) {
  CHECK(counter >= counted && counter <= (int)processors());
  CHECK(state == FREE);
}
