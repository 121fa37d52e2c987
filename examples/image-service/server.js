import { mkdir, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { Pool } from "landspout";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    workers: { type: "string", default: `${availableParallelism()}` },
    images: { type: "string", default: "images" },
    timeout: { type: "string", default: "5000" },
  },
});
const { images } = values;
const timeout = Number(values.timeout);

const pool = new Pool(new URL("tasks.js", import.meta.url), {
  workers: Number(values.workers),
  name: "images",
  init: images,
});

/** What a request for an image is answered with: GET /USER/NAME?width=200, or PUT /USER/NAME. */
async function answer(request, signal) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/") return [200, "text/html", `<title>Images</title><pre>${pool.inspect()}</pre>`];
  const [, user, name] = /^\/([\w-]+)\/([\w-]+)$/.exec(pathname) ?? [];
  if (!name) return [404, "text/plain", "Expected /USER/NAME\n"];
  if (request.method === "PUT") {
    await store(user, name, await buffer(request));
    return [201, "text/plain", "Stored\n"];
  }
  const width = Number(searchParams.get("width") ?? 200);
  if (!(width >= 1 && width <= 2000)) return [400, "text/plain", "Expected a width, 1 to 2000\n"];
  // The worker that has decoded this user's images gets the task, unless others would be done with it sooner.
  const png = await pool.run("thumbnail", [user, name, width], { key: user, timeout, signal });
  return png ? [200, "image/png", png] : [404, "text/plain", "No such image\n"];
}

/** An image that is read meanwhile is the one before or the new one, and no worker keeps the one before. */
async function store(user, name, png) {
  const path = join(images, user, `${name}.png`);
  await mkdir(join(images, user), { recursive: true });
  await writeFile(`${path}.new`, png);
  await rename(`${path}.new`, path);
  await pool.runOnAll("forget", [user, name]);
}

/** What went wrong, for whoever asked. */
function statusOf({ name }) {
  return { TimeoutError: 503, TypeError: 422 }[name] ?? 500;
}

const server = createServer(async (request, response) => {
  // A client that goes away takes its task along: out of the queue, or out of the worker.
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const [status, type, body] = await answer(request, gone.signal);
    response.writeHead(status, { "content-type": type }).end(body);
  } catch (error) {
    if (gone.signal.aborted) return;
    response.writeHead(statusOf(error), { "content-type": "text/plain" }).end(`${error.message}\n`);
  }
});
server.listen(Number(values.port), () => console.log(`Listens on http://localhost:${server.address().port}`));

/** Requests that have arrived are answered. */
process.once("SIGTERM", () => server.close(() => pool.close()));
