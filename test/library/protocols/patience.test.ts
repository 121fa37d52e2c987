import { describeProtocol } from "./describe-protocol.js";

describeProtocol("patience", [
  {
    bug: "one that looks although there are too few cores",
    from: "!enoughCores() || (patience == 0 && !isProbe())",
    to: "patience == 0 && !isProbe()",
    scenario: "too few cores",
    found: "failure",
  },
  {
    bug: "one that looks as long as ever, however often in vain",
    from: "  if (patience > 0) patience--;\n",
    to: "",
    scenario: "one wait after the other",
    found: "failure",
  },
]);
