/*
 * A bounded queue between one producer, processor 0, and one consumer, processor 1.
 * L. Lamport, Specifying concurrent program modules, TOPLAS 5(2), 1983.
 *
 * Each index has one writer. The items are no atomics: an index that was read as written makes the item before it
 * readable. With -DPUBLISH_FIRST the producer moves its index before the item is there, and the consumer races for it.
 */
#include "landspout.h"

#ifndef ITEMS
#define ITEMS 4
#endif
#define CAPACITY 2u

static int items[CAPACITY];
static atomic_uint taken;
static atomic_uint put;

static void enqueue(int item) {
  unsigned tail = atomic_load_explicit(&put, memory_order_relaxed);
  while (tail - atomic_load_explicit(&taken, memory_order_acquire) == CAPACITY) pause();
#ifdef PUBLISH_FIRST
  atomic_store_explicit(&put, tail + 1, memory_order_release);
  items[tail % CAPACITY] = item;
#else
  items[tail % CAPACITY] = item;
  atomic_store_explicit(&put, tail + 1, memory_order_release);
#endif
}

static int dequeue(void) {
  unsigned head = atomic_load_explicit(&taken, memory_order_relaxed);
  while (atomic_load_explicit(&put, memory_order_acquire) == head) pause();
  int item = items[head % CAPACITY];
  atomic_store_explicit(&taken, head + 1, memory_order_release);
  return item;
}

/* The indices wrap around on the way. */
ENTRY(init) void init(void) {
  taken = put = -2u;
}

ENTRY(run) void run(void) {
  for (int i = 1; i <= ITEMS; i++) {
    if (processor() == 0) enqueue(i);
    else CHECK(dequeue() == i);
  }
}

ENTRY(final) void final(void) {
  CHECK(taken == put);
}
