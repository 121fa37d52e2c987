/*
 * Sorts numbers that a linear congruential generator makes, by heapsort, and says whether they are in order. Status: 0 if
 * they are.
 *
 *     examples/c/compile programs/sort.c -o sort.wasm
 */
#include "system.h"

#define COUNT 2000

static unsigned numbers[COUNT];

/* Lets the number at `root` sink to its place in the heap of the first `count`. */
static void sink(unsigned root, unsigned count) {
  for (unsigned child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && numbers[child + 1] > numbers[child]) child++;
    if (numbers[root] >= numbers[child]) return;
    unsigned number = numbers[root];
    numbers[root] = numbers[child];
    numbers[child] = number;
  }
}

ENTRY(main) int main_(void) {
  unsigned number = 1, before = 0, sum = 0;
  for (unsigned i = 0; i < COUNT; i++) {
    number = number * 1664525 + 1013904223;
    numbers[i] = number;
    before += number;
  }
  for (unsigned i = COUNT / 2; i-- > 0;) sink(i, COUNT);
  for (unsigned i = COUNT; i-- > 1;) {
    unsigned greatest = numbers[0];
    numbers[0] = numbers[i];
    numbers[i] = greatest;
    sink(0, i);
  }
  for (unsigned i = 0; i < COUNT; i++) {
    sum += numbers[i];
    if (i > 0 && numbers[i - 1] > numbers[i]) before++;
  }
  print(sum == before ? "in order\n" : "not in order\n");
  return sum != before;
}
