import { type Binding, named, receive, Service, SharedSpace } from "#library/index.js";
import type { CallPeer, Opened } from "./peer.js";
import { endAll, serverOf } from "./servers.js";
import type { SizeName } from "./values.js";

/** All servers serve one service. */
function peer(isFixed: boolean): CallPeer {
  return {
    async start(servers, callers) {
      const space = new SharedSpace({ workers: 2 + servers + callers });
      const workers = await Promise.all(
        Array.from({ length: servers }, () => serverOf("./landspout-server.js", { space, isFixed })),
      );
      const handles = Array.from({ length: callers }, () => ({ handle: { space }, transfer: [] }));
      return {
        handles,
        close: async () => {
          await endAll(workers);
          space.close();
        },
      };
    },
    open: (handle) => opened((receive(handle) as { space: SharedSpace }).space),
  };
}

function opened(space: SharedSpace): Opened {
  const binding = named(space, "calls", Service).bind() as Binding;
  return {
    blocking: (size: SizeName) => binding[size]! as (value: unknown) => unknown,
    promised: (size: SizeName) => binding.async[size]! as (value: unknown) => Promise<unknown>,
  };
}

export const landspout = peer(true);
export const anyValues = peer(false);
