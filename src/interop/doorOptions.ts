import * as v from 'valibot';
import type { RecordedActor } from '../account/circumstances.js';
import { nameField } from '../account/fieldSchemas.js';
import { PatronFeesError } from '../errors.js';
import type { EventStore } from '../history/eventStore.js';
import type { RetryOptions } from '../history/retry.js';
import { type Clock, timeOf } from '../input/clock.js';
import { faultText } from '../input/faults.js';
import { hasMethods } from '../input/methods.js';
import { plainObject } from '../input/plainObject.js';
import { groupOf, type PatronGroup } from '../patron/patronGroup.js';
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

/** The options of every handler that serves the API of another system: who may do what, and for which patron. */
export type DoorOptions<Access, Patron> = ServiceOptions & {
  /** Returns the patron of a request; `undefined` for an unknown one. */
  readonly patron: (access: Access) => Patron | undefined | Promise<Patron | undefined>;
  /**
   * Returns whether a client may do this. It is called before the patron is looked up.
   *
   * @defaultValue every request may; then check clients before the handler
   */
  readonly authorize?: (access: Access) => boolean | Promise<boolean>;
  /**
   * Returns who acts, for `by` of the events.
   *
   * @defaultValue the channel `online` and the institution
   */
  readonly actor?: (access: Access) => RecordedActor;
  /**
   * The libraries that may own a fee: their codes, or their names by code. Answers have the names where the other
   * system has them.
   *
   * @defaultValue any code but the institution's, without names
   */
  readonly libraries?: readonly string[] | Readonly<Record<string, string>>;
  /**
   * Whether a payment above what is owed is refused, or the excess becomes a credit.
   *
   * @defaultValue the policy's `overpayment`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * The path of the API.
   *
   * @defaultValue the other system's: `/almaws/v1` of Alma, `/api/v1` of Koha, none of FOLIO
   */
  readonly basePath?: string;
  /**
   * Called with an error of the store or of a hook. The client gets the status 500 without its text.
   *
   * @defaultValue errors are not reported
   */
  readonly onError?: (error: unknown) => void;
};

/** A token for a client. */
export type AccessToken = {
  /** The token, which `authorize` gets with each request. */
  readonly accessToken: string;
  /** For how many seconds it is valid. */
  readonly expiresIn: number;
};

type AnyDoor = DoorOptions<unknown, unknown>;

/** The schemas of {@link DoorOptions}. */
export const doorFields = {
  ...serviceFields,
  patron: functionField<AnyDoor['patron']>('a function that returns a patron'),
  authorize: v.exactOptional(functionField<NonNullable<AnyDoor['authorize']>>('a function')),
  actor: v.exactOptional(functionField<NonNullable<AnyDoor['actor']>>('a function')),
  libraries: v.exactOptional(
    v.union(
      [v.array(nameField), v.pipe(plainObject, v.record(nameField, v.string()))],
      'a list of codes, or an object with names by code',
    ),
  ),
  overpayment: v.exactOptional(v.picklist(['refuse', 'credit'], 'refuse or credit')),
  basePath: v.exactOptional(v.string()),
  onError: v.exactOptional(functionField<NonNullable<AnyDoor['onError']>>('a function')),
};

/** What a handler works with: the options, checked. */
export type DoorSettings<Access, Patron> = ServiceContext &
  Omit<DoorOptions<Access, Patron>, keyof ServiceOptions>;

/** The patron of a request, the patron's accounts, and who acts. */
export type Admitted<Patron> = {
  readonly patron: Patron;
  readonly group: PatronGroup;
  readonly by: RecordedActor;
};

/**
 * Returns whether a client may do what it asks for: 'unauthorized' if not.
 *
 * @param access - the request, as the hooks get it
 */
export async function isAuthorized<Access>(
  { authorize }: Pick<DoorOptions<Access, unknown>, 'authorize'>,
  access: Access,
): Promise<boolean> {
  return authorize === undefined || (await authorize(access)) === true;
}

/**
 * Finds the patron of a request and reads the patron's accounts.
 *
 * @param identifier - the patron's identifier in the request; one that can name nobody is not looked up
 * @returns undefined if there is no such patron
 */
export async function admit<Access, Patron extends { readonly patronId: string }>(
  settings: DoorSettings<Access, Patron>,
  access: Access,
  identifier: string,
): Promise<Admitted<Patron> | undefined> {
  const patron = v.is(nameField, identifier) ? await settings.patron(access) : undefined;
  if (patron === undefined) return undefined;
  const by = settings.actor?.(access) ?? { channel: 'online', institution: settings.institution };
  return { patron, group: await groupOf(settings, patron.patronId), by };
}

/** Returns whether a library may own a fee. */
export function mayOwn(
  owner: string,
  { libraries, institution }: Pick<AnyDoor, 'libraries' | 'institution'>,
): boolean {
  if (owner === institution) return false;
  if (libraries === undefined) return true;
  return isCodes(libraries) ? libraries.includes(owner) : Object.hasOwn(libraries, owner);
}

/** Returns the names of libraries by code; empty if only codes are known. */
export function libraryNames({
  libraries = {},
}: Pick<AnyDoor, 'libraries'>): Readonly<Record<string, string>> {
  return isCodes(libraries) ? {} : libraries;
}

function isCodes(libraries: NonNullable<AnyDoor['libraries']>): libraries is readonly string[] {
  return Array.isArray(libraries);
}

/** The tables of a policy whose codes options name. */
const codeTables = {
  paymentMethods: "one of the policy's payment methods",
  waiveReasons: "one of the policy's waiving reasons",
  creditReasons: "one of the policy's reasons for a credit",
};

/**
 * Throws if an option is a code that the policy does not have, or has one.
 *
 * @param name - the name of the option
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function assertCodes(
  policy: FeePolicy,
  table: keyof typeof codeTables,
  name: string,
  codes: string | Readonly<Record<string, string>> | undefined = {},
): void {
  const named = typeof codes === 'string' ? { '': codes } : codes;
  for (const [key, found] of Object.entries(named)) {
    if (Object.hasOwn(policy[table], found)) continue;
    const fault = { path: `options.${name}${key && `.${key}`}`, expected: codeTables[table], found };
    throw new PatronFeesError('INVALID_ARGUMENT', faultText(fault), { faults: [fault] });
  }
}
