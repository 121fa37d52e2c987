/* Peterson's lock as in examples/c/peterson.c: 2 processors, TURNS acquisitions each. */

bit interested[2], turn;
byte counter, finished;

active [2] proctype processor() {
  byte value, done;
end:
  do
  :: d_step { done < TURNS -> interested[_pid] = 1 };
    turn = 1 - _pid;
wait:
    if
    :: interested[1 - _pid] == 0
    :: interested[1 - _pid] == 1 ->
      if
      :: turn == _pid
      :: turn != _pid -> goto wait
      fi
    fi;
    value = counter;
    d_step { counter = value + 1; value = 0 };
    d_step {
      interested[_pid] = 0; done++; finished = finished + (done == TURNS);
      assert(finished < 2 || counter == 2 * TURNS)
    }
  od
}
