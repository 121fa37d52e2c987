/** A SharedMap's entries as JavaScript values. kernel/library/map.ts has the protocol. */

import { Entries, type Found, NOTHING } from "./entries.js";
import type { MapKey } from "./keys.js";
import { ABSENT, ANSWER, Condition, FREED, IS_MADE, IS_NUMBER, KEY, STAMP, VALUE_HEADER, ValueForm } from "./layout.js";

export class Store extends Entries {
  /** The form of placeholders. */
  protected readonly placeholder: number = ValueForm.placeholder;

  get(key: MapKey): unknown {
    const at = this.writeToFind(key, "get");
    const node = this.kernel.map_find(this.map, this.identity, at);
    if (node === IS_NUMBER) {
      const number = this.views.floats[(at + ANSWER) >>> 3]!;
      if (at !== this.scratch) this.kernel.release(at);
      return number;
    }
    if (at !== this.scratch) this.kernel.release(at);
    if (node === ABSENT) return undefined;
    if (node === FREED) throw this.freed("get");
    if (node === IS_MADE) {
      this.kernel.leave_object();
      return undefined;
    }
    return this.readValue(node >>> 0);
  }

  has(key: MapKey): boolean {
    const at = this.writeToFind(key, "look");
    const result = this.kernel.map_has(this.map, this.identity, at);
    if (at !== this.scratch) this.kernel.release(at);
    if (result === FREED) throw this.freed("look");
    return result === 1;
  }

  /** What is there, for who wants to write only if it is so still. */
  find(key: MapKey, what: string): Found {
    const at = this.writeToFind(key, what);
    const node = this.kernel.map_find(this.map, this.identity, at);
    const number = this.views.floats[(at + ANSWER) >>> 3]!;
    const made = this.views.words[(at + ANSWER) >>> 2]! >>> 0;
    if (at !== this.scratch) this.kernel.release(at);
    if (node === ABSENT) return NOTHING;
    if (node === FREED) throw this.freed(what);
    if (node === IS_NUMBER) return { ...NOTHING, condition: Condition.ifNumber, number, value: number };
    const there = node === IS_MADE ? made : node >>> 0;
    this.see(there, KEY);
    const words = this.views.words;
    const [low, high] = [words[(there + STAMP) >>> 2]!, words[(there + STAMP + 4) >>> 2]!];
    const found = { ...NOTHING, condition: Condition.ifStamp, low, high };
    const form = words[(there + VALUE_HEADER) >>> 2]! & 7;
    if (form !== this.placeholder) return { ...found, value: this.readValue(there) };
    const value = this.placeOf(there) >>> 2;
    const maker = { address: words[value]! >>> 0, identity: words[value + 1]! };
    this.kernel.leave_object();
    return { ...found, maker };
  }

  /** Sets a key to a placeholder, if nothing is there. DONE or OTHERWISE. */
  reserve(key: MapKey, address: number, identity: number, what: string): number {
    return this.putAs(key, what, this.placeholder, 8, NOTHING, 0, (place) => {
      this.views.words[place >>> 2] = address;
      this.views.words[(place >>> 2) + 1] = identity;
    });
  }

  protected override blockFor(at: number): number {
    return this.kernel.map_block(this.map, this.identity, at);
  }

  protected override putNode(at: number, isBlock: boolean, condition: Condition): number {
    const result = this.kernel.map_put(this.map, this.identity, at, isBlock ? 1 : 0, condition);
    this.#endMaking();
    return result;
  }

  protected override removeNode(at: number, condition: Condition): number {
    const result = this.kernel.map_remove(this.map, this.identity, at, condition);
    this.#endMaking();
    return result;
  }

  /** Who takes a placeholder away wakes all who wait for its maker, who may be dead: they look again. */
  #endMaking(): void {
    const mutex = this.kernel.map_maker() >>> 0;
    if (mutex !== 0) this.kernel.free_object(mutex, this.kernel.map_maker_identity());
  }
}
