import fc from "fast-check";

// One seed for all property tests: a run says the same of the same code, and a failure prints how to replay it.
fc.configureGlobal({ seed: 1_991 });
