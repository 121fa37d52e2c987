import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { receive } from "landspout";
import { RateLimiter } from "./limiter.js";

const { shared, number, listen } = receive(workerData);
const limiter = new RateLimiter(shared);

const server = createServer((request, response) => {
  const client = request.headers["x-api-key"] ?? request.socket.remoteAddress;
  const wait = limiter.take(client);
  if (wait > 0) {
    response.writeHead(429, { "retry-after": Math.ceil(wait) }).end("Too many requests\n");
  } else {
    response.end(`Hello from worker ${number}\n`);
  }
});
server.listen(listen, () => parentPort.postMessage(server.address().port));
