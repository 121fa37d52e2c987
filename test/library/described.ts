/**
 * A value as text, all of it: two values are described alike only if nothing tells them apart, neither -0 from 0, a hole
 * from undefined, a lone surrogate, nor what occurs twice from what is there two times.
 */
export function described(root: unknown): string {
  const numbers = new Map<object, number>();
  const lines: string[] = [];
  const todo: object[] = [];

  function name(value: unknown): string {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
      todo.push(value);
    }
    return `#${number}`;
  }

  function own(object: object): string {
    return Reflect.ownKeys(object)
      .map((key) => {
        const { value, get, enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(object, key)!;
        // Engines have it as a value or as accessors.
        if (object instanceof Error && key === "stack") return `"stack" ${name(object.stack)}`;
        const flags = [enumerable, writable, configurable].map((flag) => (flag ? 1 : 0)).join("");
        return `${JSON.stringify(String(key))} ${flags} ${get ? "getter" : name(value)}`;
      })
      .join(", ");
  }

  function contents(object: object): string {
    if (object instanceof Map) return [...object].map(([key, value]) => `${name(key)} => ${name(value)}`).join(", ");
    if (object instanceof Set) return [...object].map(name).join(", ");
    if (object instanceof Date) return name(object.getTime());
    if (object instanceof RegExp) return String(object);
    if (ArrayBuffer.isView(object)) return `${object.byteOffset} ${object.byteLength} ${name(object.buffer)}`;
    if (object instanceof ArrayBuffer) {
      const { maxByteLength } = object as { maxByteLength?: number };
      return `${maxByteLength} ${new Uint8Array(object).join(" ")}`;
    }
    if (["Number", "String", "Boolean", "BigInt"].includes(object.constructor?.name)) return name(object.valueOf());
    // Engines differ in the order.
    return object instanceof Error ? own(object).split(", ").sort().join(", ") : own(object);
  }

  lines.push(name(root));
  for (const object of todo) {
    const prototype = Object.getPrototypeOf(object);
    const kind = prototype === Object.prototype ? "Object" : (prototype?.constructor?.name ?? "null");
    lines.push(`${name(object)}: ${kind} ${contents(object)}`);
  }
  return lines.join("\n");
}
