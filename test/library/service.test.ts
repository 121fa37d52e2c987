import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import {
  bytes,
  CallFailedError,
  FreedError,
  f64,
  i32,
  Mutex,
  named,
  procedure,
  receive,
  Service,
  ServiceClosedError,
  ServiceFullError,
  SharedSpace,
  SpaceClosedError,
} from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace({ workers: 16 });

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const services: Service[] = [];
let made = 0;

/** A service that this thread serves until the test is over. */
function serve<Its extends Record<string, (...args: never[]) => unknown>>(
  procedures: Its,
  options: { calls?: number; bytes?: number; name?: string; depth?: number } = {},
): Service<Its> {
  const service = new Service(space, { procedures, ...options });
  services.push(service as unknown as Service);
  return service;
}

afterEach(async () => {
  for (const service of services.splice(0)) if (!service.freed) service.free();
});

describe("Service", () => {
  test("has the types of its procedures", () => {
    const service = serve({
      measure: (id: string) => id.length,
      resize: async (id: string, width: number) => ({ id, width }),
      fixed: procedure([f64, i32, bytes(8)], f64)((a, b, c) => a + b + c.length),
    });
    const binding = service.bind();
    expectTypeOf(binding.measure).toEqualTypeOf<(id: string) => number>();
    expectTypeOf(binding.resize).toEqualTypeOf<(id: string, width: number) => { id: string; width: number }>();
    expectTypeOf(binding.async.measure).toEqualTypeOf<(id: string) => Promise<number>>();
    expectTypeOf(binding.fixed).returns.toEqualTypeOf<number>();
    expectTypeOf(binding.fixed).parameters.toEqualTypeOf<[number, number, Uint8Array]>();
  });

  test("executes asynchronous calls of its own thread, also of asynchronous procedures", async () => {
    const mutex = new Mutex(space);
    const { async } = serve({
      add: (a: number, b: number) => a + b,
      slow: async (value: unknown) => {
        await later(5);
        return value;
      },
      nothing: () => {},
      // biome-ignore lint/suspicious/noExplicitAny: the test's own.
      same: (value: any) => value,
    }).bind();
    expect(await async.add(1, 2)).toBe(3);
    expect(await async.slow({ deep: [new Map([[1, 2n]])] })).toEqual({ deep: [new Map([[1, 2n]])] });
    expect(await async.nothing()).toBeUndefined();
    const large = "x".repeat(100_000);
    expect(await async.same(large)).toBe(large);
    expect((await async.same(mutex)) as Mutex).toBeInstanceOf(Mutex);
    expect(await Promise.all(Array.from({ length: 300 }, (_, i) => async.add(i, 1)))).toEqual(
      Array.from({ length: 300 }, (_, i) => i + 1),
    );
  });

  test("passes what has a fixed size as it is", async () => {
    let view: Uint8Array | undefined;
    const { async } = serve({
      all: procedure(
        [f64, i32, bytes(300)],
        bytes(300),
      )((a, b, c) => {
        view = c;
        return c.map((byte) => byte * a + b);
      }),
      none: procedure([])(() => {}),
      whole: procedure([i32], i32)((x) => (Object.is(x, -0) ? 1 : -0)),
      many: procedure([bytes(2000)], f64)((all) => all.length),
    }).bind();
    const given = Uint8Array.from({ length: 300 }, (_, i) => i);
    expect(await async.all(2, -1, given)).toEqual(given.map((byte) => byte * 2 - 1));
    expect(view!.buffer).toBe(space.memory.buffer);
    expect(await async.none()).toBeUndefined();
    expect(await async.whole(-0)).toBe(0);
    expect(await async.many(new Uint8Array(2000))).toBe(2000);
    await expect(async.all(1, 1.5, given)).rejects.toThrow(
      "Cannot call service.all: received 1.5 as value 1; expected i32",
    );
    await expect(async.all(1, 1, new Uint8Array(301))).rejects.toThrow("expected bytes(300)");
    await expect((async.all as () => Promise<unknown>)()).rejects.toThrow("received 0 values; expected 3");
    expect(await async.all(1, 0, given)).toEqual(given);
    expect(() => procedure([5 as never])).toThrow("Cannot make a procedure: received");
    expect(() => bytes(0)).toThrow("Cannot make a type of bytes: received 0");
  });

  test("throws what a procedure throws, with stack, cause and properties", async () => {
    const { async } = serve({
      fail: () => {
        throw Object.assign(new RangeError("no", { cause: new TypeError("why") }), { code: "E_NO" });
      },
      later: async () => {
        await later(1);
        throw "text";
      },
      uncloneable: () => () => {},
      thrown: () => {
        throw Object.assign(new Error("with a function"), { it: () => {} });
      },
    }).bind();
    const error = (await async.fail().catch((error: Error) => error)) as Error;
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "no", code: "E_NO", cause: new TypeError("why") });
    expect(error.stack).toContain("service.test.ts");
    await expect(async.later()).rejects.toBe("text");
    await expect(async.uncloneable()).rejects.toThrow("Cannot return from service.uncloneable: received");
    await expect(async.thrown()).rejects.toThrow("with a function");
    await expect((async as unknown as { fail(x: unknown): Promise<void> }).fail(() => {})).rejects.toThrow(
      "Cannot call service.fail: received",
    );
  });

  test("drops answers that come too late, and gives none to another call", async () => {
    const release: (() => void)[] = [];
    const service = serve(
      { wait: (n: number) => new Promise<number>((resolve) => release.push(() => resolve(n))), now: (n: number) => n },
      { calls: 1 },
    );
    await expect(service.bind({ timeout: 20 }).async.wait(1)).rejects.toMatchObject({
      name: "TimeoutError",
      message: "Cannot call service.wait: received no answer in 20 ms; expected one in that time",
    });
    const controller = new AbortController();
    // The one A-stack is the late call's until that is answered.
    const queued = service.bind({ signal: controller.signal }).async.now(2);
    const third = service.bind().async.now(3);
    await later(5);
    controller.abort(new Error("not any more"));
    await expect(queued).rejects.toThrow("not any more");
    release[0]!();
    expect(await third).toBe(3);
    expect(() => service.bind({ signal: controller.signal }).now(1)).toThrow("main thread");
    await expect(service.bind({ signal: controller.signal }).async.now(1)).rejects.toThrow("not any more");
  });

  test("fails or waits where all A-stacks are in use", async () => {
    const release: (() => void)[] = [];
    const service = serve({ wait: () => new Promise<void>((resolve) => release.push(resolve)) }, { calls: 2 });
    const first = [service.bind().async.wait(), service.bind().async.wait()];
    await later(5);
    await expect(service.bind({ whenFull: "fail" }).async.wait()).rejects.toThrow(ServiceFullError);
    const third = service.bind().async.wait();
    await later(5);
    expect(release.length).toBe(2);
    for (const each of release.splice(0)) each();
    await Promise.all(first);
    while (release.length === 0) await later(1);
    release[0]!();
    await third;
  });

  test("drains when it is closed, and refuses calls since", async () => {
    const service = serve({
      slow: async () => {
        await later(20);
        return "done";
      },
    });
    const binding = service.bind();
    const call = binding.async.slow();
    await later(1);
    const closed = service.close();
    await expect(binding.async.slow()).rejects.toThrow(ServiceClosedError);
    expect(await call).toBe("done");
    await closed;
    expect(service.freed).toBe(true);
    await service.close();
    await expect(binding.async.slow()).rejects.toThrow(FreedError);
    expect(() => service.bind()).toThrow(FreedError);
  });

  test("ends calls in progress of a binding that is disposed of, of a service that is freed, of a space that is closed", async () => {
    const service = serve({ wait: () => new Promise(() => {}) });
    const [binding, other] = [service.bind(), service.bind()];
    const calls = [binding.async.wait(), other.async.wait()];
    await later(1);
    binding[Symbol.dispose]();
    await expect(calls[0]).rejects.toThrow(ServiceClosedError);
    await expect(binding.async.wait()).rejects.toThrow("a Binding that was disposed of");
    service.free();
    await expect(calls[1]).rejects.toThrow(FreedError);
    const own = new SharedSpace();
    const its = new Service(own, { procedures: { wait: () => new Promise(() => {}) } }).bind();
    const last = its.async.wait();
    await later(1);
    own.close();
    await expect(last).rejects.toThrow(SpaceClosedError);
  });

  test("is refused under a name with other procedures, and as an object without some", () => {
    const name = `differ ${made++}`;
    serve({ a: () => 1 }, { name });
    expect(() => serve({ b: () => 1 }, { name })).toThrow("expected [");
    expect(() => named(space, name, Mutex)).toThrow("expected one of a Mutex");
    expect(() => named(space, `none ${made++}`, Service as never)).toThrow("Cannot make a Service: received undefined");
    const copy = receive(structuredClone({ service: services[0]! }));
    expect(copy.service).toBeInstanceOf(Service);
  });

  test("calls within each other are an error when they are too deep, with their path", async () => {
    const name = `deep ${made++}`;
    const worker = inWorker(
      ({ library, data: { space, name }, say }) => {
        const service = new library.Service(space, {
          name,
          depth: 4,
          procedures: {
            // biome-ignore lint/suspicious/noExplicitAny: it calls itself.
            down: (): any => library.named(space, name, library.Service).bind().down!(),
          },
        });
        say(service.served);
      },
      { space, name },
    );
    await message(worker);
    const error = (await named(space, name, Service).bind().async.down!().catch((error: Error) => error)) as Error;
    expect(error).toMatchObject({ name: "DeadlockError" });
    expect(error.message).toContain(`${name}.down -> ${name}.down -> `);
    await worker.terminate();
    await exit(worker);
  });
});

/** A worker that serves `name`, and says so. */
async function serverOf(name: string, answersWith = 0) {
  const worker = inWorker(
    ({ library, data: { space, name, answersWith }, say }) => {
      new library.Service(space, {
        name,
        procedures: {
          add: (a: number, b: number) => a + b + answersWith,
          who: () => answersWith,
          slow: async (milliseconds: number) => {
            await new Promise((resolve) => setTimeout(resolve, milliseconds));
            return answersWith;
          },
          busy: (milliseconds: number) => {
            for (const end = performance.now() + milliseconds; performance.now() < end; );
            return answersWith;
          },
          hang: () => {
            for (;;);
          },
        },
      });
      say("serves");
    },
    { space, name, answersWith },
  );
  await message(worker);
  return worker;
}

describe("A worker", () => {
  test("blocks in a call until it has the answer, also of an asynchronous procedure", async () => {
    const name = `blocks ${made++}`;
    const server = await serverOf(name);
    const client = inWorker(
      ({ library, data: { space, name }, say }) => {
        const binding = library.named(space, name, library.Service).bind();
        let sum = 0;
        for (let i = 0; i < 1000; i++) sum += binding.add!(i, 1) as number;
        const began = performance.now();
        binding.slow!(20);
        say({ sum, slept: performance.now() - began > 15 });
      },
      { space, name },
    );
    expect(await message(client)).toEqual({ sum: 500_500, slept: true });
    await exit(client);
    await server.terminate();
    await exit(server);
  });

  test("serves its own services while it blocks: two that call each other do not deadlock", async () => {
    const names = [`one ${made++}`, `two ${made++}`];
    const workers = names.map((_, i) =>
      inWorker(
        ({ library, data: { space, names, i }, say }) => {
          const other = () => library.named(space, names[1 - i]!, library.Service).bind();
          new library.Service(space, {
            name: names[i]!,
            procedures: {
              count: (n: number): number => (n === 0 ? 0 : 1 + (other().count!(n - 1) as number)),
            },
          });
          say("serves");
        },
        { space, names, i },
      ),
    );
    await Promise.all(workers.map((worker) => message(worker)));
    const bindings = names.map((name) => named(space, name, Service).bind());
    expect(await Promise.all(bindings.map((binding) => binding.async.count!(20)))).toEqual([20, 20]);
    for (const worker of workers) await worker.terminate();
    await Promise.all(workers.map(exit));
  });

  test("that calls an asynchronous procedure of one that blocks for it gets an error with the path", async () => {
    const names = [`blocked ${made++}`, `blocking ${made++}`];
    const workers = names.map((_, i) =>
      inWorker(
        ({ library, data: { space, names, i }, say }) => {
          const other = () => library.named(space, names[1 - i]!, library.Service).bind();
          new library.Service(space, {
            name: names[i]!,
            procedures: { call: () => other().wait!(), wait: async () => i, blocks: () => other().call!() },
          });
          say("serves");
        },
        { space, names, i },
      ),
    );
    await Promise.all(workers.map((worker) => message(worker)));
    // 0 blocks for `call` of 1, which calls `wait` of 0.
    const error = (await named(space, names[0]!, Service).bind().async.blocks!().catch(
      (error: Error) => error,
    )) as Error;
    expect(error).toMatchObject({ name: "DeadlockError" });
    expect(error.message).toContain(`${names[0]}.blocks -> ${names[1]}.call -> ${names[0]}.wait`);
    for (const worker of workers) await worker.terminate();
    await Promise.all(workers.map(exit));
  });

  test("that calls an asynchronous procedure in a longer circle of calls gets an error with the path", async () => {
    const names = [0, 1, 2].map((i) => `circle ${i} ${made++}`);
    const workers = names.map((_, i) =>
      inWorker(
        ({ library, data: { space, names, i }, say }) => {
          const next = () => library.named(space, names[(i + 1) % 3]!, library.Service).bind();
          new library.Service(space, {
            name: names[i]!,
            procedures: { go: () => next().on!(), on: () => next().end!(), end: async () => i },
          });
          say("serves");
        },
        { space, names, i },
      ),
    );
    await Promise.all(workers.map((worker) => message(worker)));
    const { async } = named(space, names[0]!, Service).bind();
    // 0 blocks for 1, which blocks for an asynchronous procedure of 2: that is none.
    expect(await async.go!()).toBe(2);
    const others = names.slice(1).map((name) => named(space, name, Service).bind());
    // All three block for an asynchronous procedure of the next one, which has begun and cannot go on.
    const results = await Promise.allSettled([async.on!(), ...others.map((other) => other.async.on!())]);
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      expect(result.reason).toMatchObject({ name: "DeadlockError" });
      expect(result.reason.message).toMatch(/circle \d \d+\.end -> circle/);
    }
    // However that went, they serve.
    expect(await Promise.all([async, ...others.map((other) => other.async)].map((its) => its.end!()))).toEqual([
      0, 1, 2,
    ]);
    for (const worker of workers) await worker.terminate();
    await Promise.all(workers.map(exit));
  });

  test("that blocks in a circle of three that its asynchronous procedure cannot leave gets an error with the path", async () => {
    const names = [0, 1, 2].map((i) => `ring ${i} ${made++}`);
    const workers = names.map((_, i) =>
      inWorker(
        ({ library, data: { space, names, i }, say }) => {
          const bound = (j: number) => library.named(space, names[j]!, library.Service).bind();
          new library.Service(space, {
            name: names[i]!,
            procedures: {
              first: () => bound(1).second!(),
              second: () => bound(2).third!(),
              third: () => bound(0).last!(),
              last: async () => i,
            },
          });
          say("serves");
        },
        { space, names, i },
      ),
    );
    await Promise.all(workers.map((worker) => message(worker)));
    // 0 blocks for `second` of 1, that for `third` of 2, and that for `last` of 0, which needs the event loop of 0.
    const error = (await named(space, names[0]!, Service).bind().async.first!().catch(
      (error: Error) => error,
    )) as Error;
    expect(error).toMatchObject({ name: "DeadlockError" });
    for (const what of [`${names[1]}.second`, `${names[2]}.third`, `${names[0]}.last`]) {
      expect(error.message).toContain(what);
    }
    expect(await named(space, names[0]!, Service).bind().async.last!()).toBe(0);
    for (const worker of workers) await worker.terminate();
    await Promise.all(workers.map(exit));
  });

  test("that serves a name besides others shares its calls, and takes over when they die", async () => {
    const name = `several ${made++}`;
    const servers = [await serverOf(name, 1), await serverOf(name, 2)];
    const { async } = named(space, name, Service).bind();
    const answers = await Promise.all(Array.from({ length: 20 }, () => async.busy!(10)));
    expect(new Set(answers)).toEqual(new Set([1, 2]));
    const hanging = async.hang!();
    hanging.catch(() => {});
    await later(20);
    // Whichever has it: the other one goes on.
    const left = await Promise.all(Array.from({ length: 5 }, () => async.who!()));
    const dead = left[0] === 1 ? 1 : 0;
    await servers[dead]!.terminate();
    const failed = await hanging.catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CallFailedError);
    expect(failed).toMatchObject({ name: "CallFailedError", procedure: `${name}.hang` });
    expect(await async.who!()).toBe(left[0]);
    await servers[1 - dead]!.terminate();
    await Promise.all(servers.map(exit));
    // Until the death is repaired, the call fails; later it is refused.
    await expect(async.who!()).rejects.toThrow("Cannot call");
  });

  test("that dies in a call leaves its A-stack to others", async () => {
    const service = serve({ slow: () => later(30), now: () => 1 }, { calls: 1, name: `callers ${made++}` });
    const client = inWorker(
      ({ data: { service }, say }) => {
        say("calls");
        service.bind().slow!();
      },
      { service: service as unknown as Service },
    );
    await message(client);
    await later(10);
    await client.terminate();
    expect(await service.bind().async.now()).toBe(1);
  });

  test("that leaves answers what it has begun, and its process ends", async () => {
    const name = `leaves ${made++}`;
    const server = inWorker(
      async ({ library, data: { space, name }, say }) => {
        const service = new library.Service(space, {
          name,
          procedures: {
            slow: async () => {
              void service.leave();
              await new Promise((resolve) => setTimeout(resolve, 10));
              return "answered";
            },
          },
        });
        say("serves");
      },
      { space, name },
    );
    await message(server);
    const { async } = named(space, name, Service).bind();
    expect(await async.slow!()).toBe("answered");
    expect(await exit(server)).toBe(0);
    await expect(async.slow!()).rejects.toThrow(ServiceClosedError);
  });
});
