import { Condition, Mutex, receive, SharedSpace, UnlockToken } from "#dist/library/index.js";
import { type Lock, type Monitor, type Peer, shares } from "./peer.js";

const spaces = new Map<number, SharedSpace>();

/** One for each number of workers: those who have received nothing of it do not compete for cores. */
function spaceOf(parties: number): SharedSpace {
  if (!spaces.has(parties)) spaces.set(parties, new SharedSpace());
  return spaces.get(parties)!;
}

function attachLock(share: unknown): Lock {
  const mutex = receive<Mutex>(share);
  const token = new UnlockToken();
  return {
    acquire: () => void mutex.lock(token),
    release: () => void token.unlock(),
  };
}

function attachMonitor(share: unknown): Monitor {
  const { mutex, condition } = receive<{ mutex: Mutex; condition: Condition }>(share);
  const token = new UnlockToken();
  return {
    acquire: () => void mutex.lock(token),
    release: () => void token.unlock(),
    wait: () => condition.wait(token),
    notify: () => void condition.notify(1),
  };
}

export const landspout: Peer = {
  pair: () => {
    const mutex = new Mutex(spaceOf(1));
    const token = new UnlockToken();
    return () => {
      mutex.lock(token);
      token.unlock();
    };
  },
  awaitedPairs: () => {
    const mutex = new Mutex(spaceOf(1));
    return async (pairs) => {
      for (let i = 0; i < pairs; i++) {
        const token = await mutex.lockAsync();
        token.unlock();
      }
    };
  },
  lock: { create: (parties) => shares(parties, new Mutex(spaceOf(parties))), attach: attachLock },
  monitor: {
    create: (parties) => {
      const space = spaceOf(parties);
      return shares(parties, { mutex: new Mutex(space), condition: new Condition(space) });
    },
    attach: attachMonitor,
  },
};

export const newTokens: Peer = {
  pair: () => {
    const mutex = new Mutex(spaceOf(1));
    return () => {
      const token = mutex.lock();
      token.unlock();
    };
  },
};
