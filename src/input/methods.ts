import * as v from 'valibot';
import { checkedArgument } from './checkedArgument.js';

/** Returns whether a value has functions of these names. */
export function hasMethods(input: unknown, methods: readonly string[]): boolean {
  const object = (input ?? {}) as Readonly<Record<string, unknown>>;
  return methods.every((method) => typeof object[method] === 'function');
}

/**
 * Throws unless an argument is an object with functions, such as a store. The error never shows a text: it may be the
 * address of a database, with a password.
 *
 * @param name - the argument's name
 * @param expected - what it should be
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function assertMethods(
  input: unknown,
  methods: readonly string[],
  name: string,
  expected: string,
): void {
  // This is called with every command, and a schema takes much longer.
  if (!hasMethods(input, methods))
    checkedArgument(
      v.custom(() => false, expected),
      input,
      name,
      'described',
    );
}
