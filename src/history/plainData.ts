import * as v from 'valibot';
import type { Fault } from '../errors.js';
import { faultsOf } from '../input/faults.js';

/** Events are four levels deep; deeper data is not an event, and may be circular. */
const DEPTH_MAX = 16;

/** A path into the data: keys of objects, positions in lists. */
type Path = (string | number)[];

/** A copy that is plain JSON, or the faults that prevented it. */
export type PlainCopy = { readonly value: unknown } | { readonly faults: readonly Fault[] };

/**
 * Copies any data into plain JSON: every field is read once, undefined fields are left out, and a value that JSON
 * cannot represent is a fault. Never throws, even if reading the input throws.
 */
export function plainCopy(input: unknown): PlainCopy {
  const path: Path = [];
  try {
    return { value: copied(input, path) };
  } catch (error) {
    const received = error instanceof NotPlain ? error.found : 'something that throws when it is read';
    const message = 'plain JSON';
    const issue = { path: path.map((key) => ({ key })), expected: null, received, message };
    return { faults: faultsOf([issue], v.unknown()) };
  }
}

/** Ends the recursion with the value found; never leaves this file. */
class NotPlain {
  constructor(readonly found: string) {}
}

/** Copies one value. If something throws, the path keeps the position. */
function copied(input: unknown, path: Path): unknown {
  if (input === null || typeof input === 'string' || typeof input === 'boolean') return input;
  if (typeof input === 'number' && Number.isFinite(input)) return input;
  if (typeof input !== 'object') throw new NotPlain(typeof input === 'number' ? String(input) : typeof input);
  if (path.length > DEPTH_MAX) throw new NotPlain('something nested too deeply');
  return Array.isArray(input) ? copiedList(input, path) : copiedObject(input, path);
}

function copiedList(list: readonly unknown[], path: Path): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    path.push(index);
    copy.push(copied(list[index], path));
    path.pop();
  }
  return copy;
}

function copiedObject(input: object, path: Path): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(input);
  // Another realm has another Object.prototype, whose own prototype is null too.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new NotPlain('an instance of a class');
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(input)) {
    path.push(key);
    // Assigning this key would set the copy's prototype; no field has this name.
    if (key === '__proto__') throw new NotPlain('a field named __proto__');
    const value: unknown = (input as Record<string, unknown>)[key];
    if (value !== undefined) copy[key] = copied(value, path);
    path.pop();
  }
  return copy;
}
