import * as v from 'valibot';
import type { Fault } from '../errors.js';
import { faultsOf } from '../input/faults.js';

/** Events go four levels deep; what goes deeper than this is none, and may be a circle. */
const DEPTH_MAX = 16;

/** Where in the data something stands: keys of objects, positions in lists. */
type Path = (string | number)[];

/** A copy that is plain JSON, or what kept it from being made. */
export type PlainCopy = { readonly value: unknown } | { readonly faults: readonly Fault[] };

/**
 * Copies data of any origin into plain JSON: every field is read once, undefined ones are left out, and what JSON
 * cannot say is a fault. Never throws, whatever the input does when it is read.
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

/** Carries what was found out of the recursion; never leaves this file. */
class NotPlain {
  constructor(readonly found: string) {}
}

/** Copies one value. When something throws, the path stays as it was there, and so tells the place. */
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
  // Another realm has another Object.prototype, but like ours it has none above it.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new NotPlain('an instance of a class');
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(input)) {
    path.push(key);
    // Assigning it would set the copy's prototype, and no field has this name.
    if (key === '__proto__') throw new NotPlain('a field named __proto__');
    const value: unknown = (input as Record<string, unknown>)[key];
    if (value !== undefined) copy[key] = copied(value, path);
    path.pop();
  }
  return copy;
}
