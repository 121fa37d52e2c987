/** Values between a job's submitter and its executor that go by a port: they are moved, or only structured clone copies them. */
import { cannotBePosted } from "./failures.js";
import type { Job } from "./job.js";
import { EXECUTOR, GENERATION } from "./layout.js";
import type { Maker } from "./maker.js";
import type { Records } from "./records.js";

/** Posts what a job is called with to its executor, which has asked for it; returns the executor, which is to be told. */
export function giveByPort({ name, record, terms, call }: Job, records: Records, maker: Maker): number {
  const executor = records.word(record, EXECUTOR);
  const generation = records.word(record, GENERATION);
  terms!.isGiven = true;
  try {
    maker.post(executor, { job: record, generation, call }, terms!.transfer!);
  } catch (thrown) {
    // It stays here: a port would not bring every error.
    terms!.refusal = { error: cannotBePosted(name, thrown) };
    maker.post(executor, { job: record, generation }, []);
  }
  return executor;
}

/** What its executor has posted as a job's outcome, or a promise of it. */
export function takeByPort(record: number, records: Records, maker: Maker): unknown {
  return maker.takeResult(records.word(record, EXECUTOR), record, records.word(record, GENERATION));
}
