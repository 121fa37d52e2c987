/** Freezes arrays and plain objects, and those in them: what nobody is to change, as the change would be lost. */
export function frozen<Value>(value: Value): Value {
  const reached: object[] = [];
  freeze(value, reached);
  // However deep it is.
  for (let next = reached.pop(); next; next = reached.pop()) {
    for (const member of Object.values(next)) freeze(member, reached);
  }
  return value;
}

function freeze(value: unknown, reached: object[]): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null)
    reached.push(Object.freeze(value));
}
