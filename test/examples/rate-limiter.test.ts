import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SharedSpace } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { RateLimiter } from "../../examples/rate-limiter/limiter.js";
import { message } from "../library/in-worker.js";
import { startWith, type WithExample, withExample } from "./program.js";

const KILLS = 30;
const SEED = 20260302;
/** Tokens a second; so few that none comes while a test runs. */
const NEVER = 1e-4;

const made = (options: { rate: number; burst: number; clients?: number; shards?: number }) =>
  new RateLimiter(RateLimiter.share(new SharedSpace(), options));

describe("RateLimiter", () => {
  test("gives as many tokens as a bucket holds, then says when the next one comes", () => {
    const limiter = made({ rate: NEVER, burst: 3 });
    expect([1, 2, 3].map(() => limiter.take("a"))).toEqual([0, 0, 0]);
    const wait = limiter.take("a");
    expect(wait).toBeGreaterThan(0.99 / NEVER);
    expect(wait).toBeLessThanOrEqual(1 / NEVER);
    expect(limiter.take("b")).toBe(0);
  });

  test("gives a token when the wait that it said is over", async () => {
    const limiter = made({ rate: 10, burst: 1 });
    limiter.take("a");
    const wait = limiter.take("a");
    expect(wait).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 1000 * wait + 5));
    expect(limiter.take("a")).toBe(0);
  });

  test("forgets the fullest bucket when there are more clients than places", () => {
    const limiter = made({ rate: NEVER, burst: 2, clients: 2, shards: 1 });
    for (const client of ["a", "a", "a", "b", "c"]) limiter.take(client);
    expect(limiter.take("a")).toBeGreaterThan(0);
    expect(limiter.take("c")).toBe(0);
    expect(limiter.take("c")).toBeGreaterThan(0);
  });

  test("refuses a rate of 0", () => {
    expect(() => made({ rate: 0, burst: 1 })).toThrow(RangeError);
  });

  test(`neither loses nor makes a token when ${KILLS} workers die at random moments (seed ${SEED})`, {
    tags: "long",
  }, async () => {
    const burst = 1e9;
    const shared = RateLimiter.share(new SharedSpace(), { rate: NEVER, burst, clients: 64, shards: 1 });
    const taken = new Int32Array(new SharedArrayBuffer(4));
    const random = new Random(SEED);
    const live = async () => {
      const worker = withExample("rate-limiter/limiter.js", take, { shared, taken });
      await message(worker);
      await new Promise((resolve) => setTimeout(resolve, random.below(10)));
      await worker.terminate();
    };
    for (let i = 0; i < KILLS; i += 2) await Promise.all([live(), live()]);
    // What the bucket lacks: the wait says it where more is asked for than there is.
    const small = new RateLimiter({ ...shared, burst: 1 });
    const lacks = Math.round(small.take("client") * NEVER);
    expect(lacks).toBeGreaterThanOrEqual(taken[0]!);
    expect(lacks).toBeLessThanOrEqual(taken[0]! + KILLS);
  });
});

type Limited = WithExample<
  typeof import("../../examples/rate-limiter/limiter.js"),
  { readonly shared: ReturnType<typeof RateLimiter.share>; readonly taken: Int32Array }
>;

function take({ example, data, say }: Limited) {
  const limiter = new example.RateLimiter(data.shared);
  say("works");
  for (;;) if (limiter.take("client") === 0) Atomics.add(data.taken, 0, 1);
}

/** Loaded before the program, it ends the worker that a request for /die reaches. */
const DEATH = `data:text/javascript,import http from "node:http";
  const { emit } = http.Server.prototype;
  http.Server.prototype.emit = function (event, ...values) {
    if (event === "request" && values[0].url === "/die") process.exit(1);
    return emit.call(this, event, ...values);
  };`.replace(/\s+/g, " ");

describe("examples/rate-limiter", () => {
  const options = ["--port", "0", "--workers", "2", "--rate", `${NEVER}`, "--burst", "10"];
  const server = startWith(["--import", DEATH], "rate-limiter/server.js", ...options);
  afterAll(() => server.kill());
  let text = "";
  server.stdout.setEncoding("utf8").on("data", (more) => (text += more));
  const printed = async (what: RegExp) => {
    while (!what.test(text)) await once(server.stdout, "data");
  };
  let ports: number[] = [];
  beforeAll(async () => {
    await printed(/over all workers/);
    ports = [...text.matchAll(/localhost:(\d+)/g)].map(([, port]) => Number(port));
  });

  const ask = (client: string, i: number) =>
    // Each request on a connection of its own: on one port, the system chooses the worker by connection.
    fetch(`http://localhost:${ports[i % ports.length]}`, { headers: { "x-api-key": client, connection: "close" } });

  test("limits a client over all workers", async () => {
    const responses = await Promise.all(Array.from({ length: 30 }, (_, i) => ask("a", i)));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(20);
    for (const { headers } of refused) expect(Number(headers.get("retry-after"))).toBeGreaterThan(9000);
  });

  test("serves the clients that are within their limits, by more than one worker", async () => {
    const answers = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const response = await ask(`client ${i}`, i);
      expect(response.status).toBe(200);
      answers.add(await response.text());
    }
    expect(answers.size).toBe(2);
  });

  test("starts a worker again that dies, and forgets no limit", async () => {
    await expect(fetch(`http://localhost:${ports[0]}/die`)).rejects.toThrow();
    await printed(/over all workers.*listens/s);
    for (let i = 0; i < 4; i++) expect((await ask("a", i)).status).toBe(429);
  });
});
