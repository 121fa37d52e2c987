/* The ticket lock as in kernel/locks/ticket.ts: P processors, TURNS acquisitions each. */

byte next_ticket, now_serving;
byte counter, finished;

active [P] proctype processor() {
  byte my_ticket, serving, value, done;
end:
  do
  :: d_step { done < TURNS -> my_ticket = next_ticket; next_ticket++ };
    now_serving == my_ticket;
    value = counter;
    d_step { counter = value + 1; value = 0; my_ticket = 0 };
    serving = now_serving;
    d_step {
      now_serving = serving + 1; serving = 0; done++; finished = finished + (done == TURNS);
      assert(finished < P || counter == P * TURNS)
    }
  od
}
