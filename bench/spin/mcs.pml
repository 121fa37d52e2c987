/* The MCS lock as in kernel/locks/mcs.ts: P processors, TURNS acquisitions each. Node I is processor I - 1's; 0 is NIL.
   Whoever is done stays where it is: no step of its own says so. */

#define I (_pid + 1)

byte tail;
byte next[P + 1];
bit locked[P + 1];
byte counter, finished;

inline released() {
  done++; finished = finished + (done == TURNS);
  assert(finished < P || counter == P * TURNS)
}

active [P] proctype processor() {
  byte other, value, done;
end:
  do
  :: d_step { done < TURNS -> next[I] = 0 };
    atomic {
      other = tail; tail = I;
      if
      :: other == 0 -> goto acquired
      :: else
      fi
    };
    locked[I] = 1;
    d_step { next[other] = I; other = 0 };
    locked[I] == 0;
acquired:
    value = counter;
    d_step { counter = value + 1; value = 0 };
    if
    :: next[I] != 0 -> goto pass
    :: next[I] == 0
    fi;
    if
    :: d_step { tail == I -> tail = 0; released() }; goto end
    :: tail != I
    fi;
    next[I] != 0;
pass:
    other = next[I];
    d_step { locked[other] = 0; other = 0; released() }
  od
}
