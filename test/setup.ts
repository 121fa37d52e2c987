import fc from "fast-check";

// One seed for all property tests: a run says the same of the same code. `npm run test:random` takes others.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1_991) });
