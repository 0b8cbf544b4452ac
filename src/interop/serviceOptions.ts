import * as v from 'valibot';
import { nameField } from '../account/fieldSchemas.js';
import type { EventStore } from '../history/eventStore.js';
import type { RetryOptions } from '../history/retry.js';
import { type Clock, timeOf } from '../input/clock.js';
import { hasMethods } from '../input/methods.js';
import type { PayingContext, TransactionTotal } from '../patron/payPatron.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';

/** The options of every service over accounts: the store, the policy, the institution, the clock and ids. */
export type ServiceOptions = {
  /** The event store. */
  readonly store: EventStore;
  /** The institution's policy. */
  readonly policy: FeePolicy;
  /** The institution whose accounts are served; no other is ever read. */
  readonly institution: string;
  /** Returns the current time: a `Date`, or ISO 8601 with a zone. */
  readonly now: Clock;
  /** Returns a new id, e.g. `() => crypto.randomUUID()`: a string of at most 190 characters that was never used. */
  readonly newId: () => string;
  /**
   * Returns what a transaction of your payment provider pays of the patron's fees in all, without a service fee: a
   * decimal string, or `undefined` if that is unknown. It is asked at each payment with a transaction id. Then no more
   * is recorded than was paid, however a client splits its payment and repeats its calls.
   *
   * @defaultValue unknown: only the fees and amounts tell whether a call repeats another one
   */
  readonly transactionTotal?: TransactionTotal;
  /**
   * How to retry if other writers append first.
   *
   * @defaultValue 50 attempts, with pauses of up to 200 ms
   */
  readonly retry?: RetryOptions;
};

/** Returns the schema of a function among the options. */
export function functionField<Callback>(expected: string) {
  return v.custom<Callback>((input) => typeof input === 'function', expected);
}

/** The schemas of {@link ServiceOptions}. */
export const serviceFields = {
  store: v.custom<EventStore>((input) => hasMethods(input, ['read']), 'an event store'),
  policy: v.custom<FeePolicy>((input) => typeof input === 'object' && input !== null, 'a policy'),
  institution: nameField,
  now: functionField<ServiceOptions['now']>('a function that returns the time'),
  newId: functionField<ServiceOptions['newId']>('a function that returns a new id'),
  transactionTotal: v.exactOptional(functionField<TransactionTotal>('a function that returns a total')),
  retry: v.exactOptional(
    v.custom<RetryOptions>((input) => typeof input === 'object' && input !== null, 'how to retry'),
  ),
};

/** What a service works with: the options, checked, and the clock as text. */
export type ServiceContext = PayingContext & {
  /** Returns the current time, ISO 8601 in UTC. */
  readonly now: () => string;
};

/**
 * Returns what a service works with.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY`
 */
export function serviceContext(options: ServiceOptions): ServiceContext {
  const { store, institution, newId, transactionTotal, retry } = options;
  const policy = definedPolicy(options.policy);
  const now = () => timeOf(options.now);
  const how = retry === undefined ? {} : { retry };
  return {
    store,
    policy,
    institution,
    newId,
    transactionTotal,
    now,
    how:
      policy.backdating === undefined
        ? how
        : Object.defineProperty(how, 'now', { get: now, enumerable: true }),
  };
}
