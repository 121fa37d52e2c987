import { describeProtocol } from "./describe-protocol.js";

describeProtocol("ticket-lock", [
  {
    bug: "a ticket that is passed over while its taker is writing it down",
    from: "if (claim == CHOOSING || claim == claimed(serving)) return false;",
    to: "if (claim == claimed(serving)) return false;",
    scenario: "run, run, run x 1, 1 dying",
    found: "race",
  },
  {
    bug: "an owner that forgets its claim before it serves the next",
    from: "  write(T + now_serving, read(T + now_serving) + 1);\n  leave(T);",
    to: "  leave(T);\n  write(T + now_serving, read(T + now_serving) + 1);",
    scenario: "run, run, run x 1, 1 dying",
    found: "failure",
  },
  {
    bug: "a ticket that is served to who died",
    from: "  write(claimOf(T, dead), NONE);\n",
    to: "",
    scenario: "run, impatient x 1, 2 dying",
    found: "final",
  },
  {
    bug: "a ticket for which others can be too fast again and again",
    from: "  write(claimOf(T, me), claimed(fetch_and_increment(T + next_ticket)));",
    to: "  let ticket = read(T + next_ticket);\n  while (!compare_and_swap(T + next_ticket, ticket, ticket + 1)) ticket = read(T + next_ticket);\n  write(claimOf(T, me), claimed(ticket));",
    scenario: "run, run, run x 2, in order",
    found: "order",
  },
]);
