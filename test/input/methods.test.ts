import { describe, expect, it } from 'vitest';
import { assertMethods, hasMethods } from '../../src/input/methods.js';
import { errorOf } from '../support/events.js';

const problemOf = (input: unknown) =>
  errorOf(() => assertMethods(input, ['read', 'append'], 'store', 'an event store')).message;

describe('assertMethods', () => {
  it('accepts any object with the functions, own or inherited', () => {
    class Store {
      read() {}
      append() {}
    }
    for (const store of [new Store(), { read: () => 1, append: () => 2 }, Object.create(new Store())]) {
      expect(hasMethods(store, ['read', 'append'])).toBe(true);
      expect(() => assertMethods(store, ['read', 'append'], 'store', 'an event store')).not.toThrow();
    }
  });

  it.each([
    [undefined, 'store: missing (expected an event store)'],
    [null, 'store: expected an event store, found null'],
    [Promise.resolve({ read: () => 1 }), 'store: expected an event store, found a Promise: await it'],
    [{ read: () => 1 }, 'store: expected an event store, found Object'],
    [new Map(), 'store: expected an event store, found Map'],
    [7, 'store: expected an event store, found 7'],
  ])('says what was expected and found: %s', (input, problem) => {
    expect(problemOf(input)).toBe(`INVALID_ARGUMENT: ${problem}`);
  });

  it('never shows a text: the address of a database has a password', () => {
    expect(problemOf('postgres://anna:SECRET@db/fees')).toBe(
      'INVALID_ARGUMENT: store: expected an event store, found a string of 30 characters',
    );
  });
});
