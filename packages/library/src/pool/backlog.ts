/** A queue of jobs, of which any may leave. */
import type { Job } from "./job.js";

/** So many that have left at its head are given back at once. */
const CHUNK = 1024;

export class Backlog {
  #jobs: (Job | undefined)[] = [];
  #first = 0;
  /** How many there are. */
  size = 0;

  add(job: Job): void {
    this.#jobs.push(job);
    this.size++;
  }

  /** The first one, which stays. */
  get first(): Job | undefined {
    while (this.#first < this.#jobs.length && this.#jobs[this.#first] === undefined) this.#skip();
    return this.#jobs[this.#first];
  }

  /** Removes the first one. */
  shift(): void {
    this.#jobs[this.#first] = undefined;
    this.#skip();
    this.size--;
  }

  /** False: it is not there. */
  delete(job: Job): boolean {
    const index = this.#jobs.indexOf(job, this.#first);
    if (index < 0) return false;
    this.#jobs[index] = undefined;
    this.size--;
    return true;
  }

  *drain(): Generator<Job, void> {
    for (let job = this.first; job; job = this.first) {
      this.shift();
      yield job;
    }
  }

  #skip(): void {
    this.#first++;
    if (this.#first < CHUNK || this.#first < this.#jobs.length / 2) return;
    this.#jobs = this.#jobs.slice(this.#first);
    this.#first = 0;
  }
}
