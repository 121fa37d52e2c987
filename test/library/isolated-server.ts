import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What makes a page share memory with its workers. */
export const ISOLATED: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface IsolatedServer extends AsyncDisposable {
  /** Its URL, with a port of its own, without a slash at the end. */
  readonly origin: string;
}

/**
 * Serves pages that share memory, and their scripts.
 *
 * @param answer gives what is at a path; what it throws is a 404
 * @param headers gives its headers
 */
export async function serveIsolated(
  answer: (path: string) => string | Uint8Array | Promise<string | Uint8Array>,
  headers: (path: string) => Readonly<Record<string, string>> = () => ISOLATED,
): Promise<IsolatedServer> {
  const server = createServer(async ({ url }, response) => {
    for (const [name, value] of Object.entries(headers(url!))) response.setHeader(name, value);
    response.setHeader("Content-Type", url!.endsWith(".js") ? "text/javascript" : "text/html");
    try {
      response.end(await answer(url!));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
