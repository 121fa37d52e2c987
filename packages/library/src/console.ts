/** What Node's `console.log` and `util.inspect` ask an object for: one line that says which one it is. @internal */
export const toLine: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;
