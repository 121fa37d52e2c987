/** What a request takes: from when its turn comes to when it calls `ended`. */
export type Serve = (now: number, ended: (now: number) => void) => void;

/** Serves requests one at a time, in order of their arrival. */
export class Service {
  /** Cycles for which it has served the requests that have ended. */
  busy = 0;
  readonly #waiting: Serve[] = [];
  #serves = false;

  request(now: number, serve: Serve): void {
    this.#waiting.push(serve);
    if (!this.#serves) this.#serveNext(now);
  }

  #serveNext(now: number): void {
    const serve = this.#waiting.shift();
    this.#serves = serve !== undefined;
    serve?.(now, (end) => {
      this.busy += end - now;
      this.#serveNext(end);
    });
  }
}
