import * as v from 'valibot';
import type { RecordedActor } from '../account/circumstances.js';
import { nameField } from '../account/fieldSchemas.js';
import { type Fault, PatronFeesError } from '../errors.js';
import { plainObject } from '../input/plainObject.js';
import { groupOf, type PatronGroup } from '../patron/patronGroup.js';
import { functionField, type ServiceContext, type ServiceOptions, serviceFields } from './serviceOptions.js';

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

/**
 * Throws if an option is a code that the policy does not have.
 *
 * @param fault - the path of the option, and what is expected
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`
 */
export function checkedCode(
  code: string | undefined,
  table: Readonly<Record<string, unknown>>,
  { path, expected }: Pick<Fault, 'path' | 'expected'>,
): void {
  if (code === undefined || Object.hasOwn(table, code)) return;
  const fault = { path, expected, found: code };
  throw new PatronFeesError('INVALID_ARGUMENT', `${path}: expected ${expected}, found ${code}`, {
    faults: [fault],
  });
}
