/* The sense-reversing barrier as in kernel/barriers/sense-reversing.ts: P processors, TURNS episodes. */

byte count = P;
bit sense = 1;
byte arrived[P];

active [P] proctype processor() {
  bit local_sense = 1;
  byte episode, other;
end:
  do
  :: d_step { episode < TURNS -> episode++; arrived[_pid] = episode };
    atomic {
      local_sense = 1 - local_sense; count--;
      if
      :: count > 0 -> goto wait
      :: else
      fi
    };
    count = P;
    sense = local_sense; goto left;
wait:
    sense == local_sense;
left:
    do
    :: d_step { other < P - 1 -> assert(arrived[other] >= episode); other++ }
    :: d_step { other == P - 1 -> assert(arrived[other] >= episode); other = 0 }; break
    od
  od
}
