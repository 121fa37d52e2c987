import { Pool } from "#library/index.js";

/** Programs with a pool that nobody closes; the argument says which. */
export const programs = {
  /** @param {Pool} pool */
  async run(pool) {
    console.log(await pool.run("add", [1, 2]));
  },
  async make() {
    console.log("made");
  },
  /** @param {Pool} pool */
  async echo(pool) {
    void pool.run("echo", [5]).then(console.log);
  },
  /** @param {Pool} pool */
  async start(pool) {
    await pool.started;
    console.log(pool.workers);
  },
  /** @param {Pool} pool */
  async close(pool) {
    await pool.close();
    console.log("closed");
  },
};

await programs[process.argv[2]](new Pool(new URL("./plain.js", import.meta.url), { workers: 2 }));
