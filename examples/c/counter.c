/*
 * A counter that says how many came before, for any number of processors; and what that means, one operation at a time.
 * M. Herlihy & J. Wing, Linearizability, TOPLAS 12(3), 1990.
 *
 * With -DLOSSY it is read and written in two steps: two processors may be told the same number.
 */
#include "landspout.h"

enum { INCREMENT };

static atomic_uint count;

static unsigned increment(void) {
#ifdef LOSSY
  unsigned before = count;
  count = before + 1;
  return before;
#else
  return count++;
#endif
}

ENTRY(run) void run(void) {
  invoke(INCREMENT, 0);
  result(increment());
}

/* Has a memory of its own. */
ENTRY(specification) unsigned specification(unsigned operation, unsigned argument) {
  return count++;
}
