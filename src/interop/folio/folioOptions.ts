import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import {
  type AccessToken,
  assertCodes,
  type DoorOptions,
  type DoorSettings,
  doorFields,
  functionField,
  libraryNames,
  serviceContext,
} from '../doorOptions.js';
import type { DoorAnswer } from '../doorRequest.js';
import type { FolioRecord } from './cql.js';
import { type AccountIndex, accountIndex, folioId } from './folioIds.js';

/** The kinds of identifiers of a user. */
export const identifierTypes = [
  'id',
  'username',
  'barcode',
  'externalSystemId',
] as const satisfies FolioAccess['identifierType'][];

/** A request, for the hooks that decide who may do what. */
export type FolioAccess = {
  /** The tenant of the header `x-okapi-tenant`; `undefined` without it. */
  readonly tenant: string | undefined;
  /** The token of the header `x-okapi-token` or the cookie `folioAccessToken`; `undefined` without one. */
  readonly token: string | undefined;
  /** The key of the parameter `apikey`, which clients of edge-patron send; `undefined` without it. */
  readonly apiKey: string | undefined;
  /** Whether the request changes anything. */
  readonly isWrite: boolean;
  /** The patron that is looked up; empty for `authorize`, which is called before. */
  readonly identifier: string;
  /** What the identifier is: with `id` the patron's id in the event store, else what the client asks for. */
  readonly identifierType: 'id' | 'username' | 'barcode' | 'externalSystemId';
};

/** A patron, as the hook `patron` returns it. */
export type FolioPatron = {
  /** The patron's id in the event store. FOLIO's id of the user is the same if it is a UUID, else computed from it. */
  readonly patronId: string;
  /**
   * The fields of FOLIO's user, for `GET /users`, such as `username`, `barcode`, `externalSystemId` and `personal`.
   *
   * @defaultValue only `id` and `active`
   */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** A client that logs in. */
export type FolioLogin = {
  /** The tenant of the header `x-okapi-tenant`; `undefined` without it. */
  readonly tenant: string | undefined;
  /** The user name. */
  readonly username: string;
  /** The password. */
  readonly password: string;
};

/** Options of {@link folioFeesHandler}. */
export type FolioFeesHandlerOptions = DoorOptions<FolioAccess, FolioPatron> & {
  /**
   * Returns a token for a client (`POST /authn/login`); `undefined` if its name or password is wrong.
   *
   * @defaultValue no client gets a token
   */
  readonly login?: (client: FolioLogin) => AccessToken | undefined | Promise<AccessToken | undefined>;
  /**
   * Returns the payment provider's id of the transaction that a payment belongs to; `undefined` if it has none. A
   * payment with a transaction is recorded once, however often it is sent; without one, each time. FOLIO's clients send
   * none: `transactionInfo` is a reference, and some have the same in every payment of a patron. A proxy may add a header.
   *
   * @defaultValue no payment has one
   */
  readonly transactionOf?: (
    body: Readonly<Record<string, unknown>>,
    headers: { readonly get: (name: string) => string | null },
  ) => string | undefined;
  /**
   * The policy's payment methods by the names that clients send, such as `{ 'Credit Card': 'CREDIT_CARD' }`.
   *
   * @defaultValue a code or a label of the policy, in upper or lower case
   */
  readonly methods?: Readonly<Record<string, string>>;
  /**
   * The policy's waiving reasons by the names that clients send.
   *
   * @defaultValue a code or a label of the policy, in upper or lower case
   */
  readonly reasons?: Readonly<Record<string, string>>;
};

type Options = Required<FolioFeesHandlerOptions>;

const namesField = v.exactOptional(v.pipe(plainObject, v.record(nameField, nameField)));

const optionsSchema = v.strictObject({
  ...doorFields,
  login: v.exactOptional(functionField<Options['login']>('a function')),
  transactionOf: v.exactOptional(functionField<Options['transactionOf']>('a function')),
  methods: namesField,
  reasons: namesField,
});

/** What the handler works with: the options, checked, and an index of ids. */
export type FolioSettings = DoorSettings<FolioAccess, FolioPatron> &
  Pick<FolioFeesHandlerOptions, 'login' | 'transactionOf'> &
  Pick<Options, 'methods' | 'reasons'> & { readonly index: AccountIndex };

/**
 * Checks the options.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, including if a method or a reason is not
 * the policy's; `INVALID_POLICY`
 */
export function folioSettings(options: FolioFeesHandlerOptions): FolioSettings {
  const checked = checkedArgument(optionsSchema, options, 'options') as FolioFeesHandlerOptions;
  const context = serviceContext(checked);
  const { policy, institution } = context;
  const { methods = {}, reasons = {}, store } = checked;
  assertCodes(policy, 'paymentMethods', 'methods', methods);
  assertCodes(policy, 'waiveReasons', 'reasons', reasons);
  return { ...checked, ...context, methods, reasons, index: accountIndex(store, institution) };
}

/** A table of FOLIO's settings, from the policy. */
type FolioTable = {
  /** The name of the list in answers. */
  readonly name: string;
  readonly rows: readonly FolioRecord[];
};

/** What all tables share. */
export const folioTables = {
  /** The fields that queries may name. */
  fields: [
    'id',
    'owner',
    'ownerId',
    'feeFineType',
    'automatic',
    'nameMethod',
    'nameReason',
    'accountName',
    'userId',
  ],
} as const;

/** Returns the table of a path; undefined for any other path. */
export function folioTable(path: string, settings: FolioSettings): FolioTable | undefined {
  const { policy } = settings;
  const rowsOf = (
    kind: string,
    table: Readonly<Record<string, unknown>>,
    row: (label: string, code: string) => object,
  ) =>
    Object.entries(table).map(([code, rule]) => ({
      id: folioId(kind, code),
      ...row(labelOf(rule, code), code),
    }));
  switch (path) {
    case 'owners':
      return {
        name: 'owners',
        rows: librariesOf(settings).map(({ code, name }) => ({ id: folioId('owner', code), owner: name })),
      };
    case 'feefines': {
      const types = Object.fromEntries(
        Object.entries(policy.feeTypes).filter(([, rule]) => rule.retired !== true),
      );
      const row = (label: string, code: string) => ({
        feeFineType: label,
        automatic: policy.feeTypes[code]?.manual === false,
      });
      return { name: 'feefines', rows: rowsOf('feefine', types, row) };
    }
    case 'payments':
      return {
        name: 'payments',
        rows: rowsOf('payment', policy.paymentMethods, (nameMethod) => ({
          nameMethod,
          allowedRefundMethod: true,
        })),
      };
    case 'waives':
      return {
        name: 'waivers',
        rows: rowsOf('waive', policy.waiveReasons, (nameReason) => ({ nameReason })),
      };
    case 'transfers':
      return {
        name: 'transfers',
        rows: rowsOf('transfer', policy.destinations, (accountName) => ({ accountName })),
      };
    case 'refunds':
      return { name: 'refunds', rows: [] };
    case 'manualblocks':
      return { name: 'manualblocks', rows: [] };
    default:
      return undefined;
  }
}

/** Returns the libraries that may own a fee, with their names. */
export function librariesOf(
  settings: FolioSettings,
): readonly { readonly code: string; readonly name: string }[] {
  const { libraries = [], institution } = settings;
  const names = libraryNames(settings);
  const codes: readonly string[] = Array.isArray(libraries) ? libraries : Object.keys(libraries);
  return codes.filter((code) => code !== institution).map((code) => ({ code, name: names[code] ?? code }));
}

function labelOf(rule: unknown, code: string): string {
  if (typeof rule === 'string') return rule;
  const { label } = Object(rule) as { readonly label?: string };
  return label ?? code;
}

/** Returns an error as FOLIO has them: a text, apart from those of the status 422. */
export function folioError(status: number, message: string): DoorAnswer {
  return { status, body: message };
}

/** Returns the error for a body that has an invalid field. */
export function invalidField(name: string, message: string): DoorAnswer {
  return { status: 422, body: { errors: [{ message, parameters: [{ key: name, value: '' }] }] } };
}

/** Reads what the hooks get of a request. */
export function folioAccess(
  { method, headers }: Request,
  query: Readonly<Record<string, string>>,
): FolioAccess {
  const cookie = /(?:^|;\s*)folioAccessToken=([^;\s]*)/.exec(headers.get('cookie') ?? '')?.[1];
  return {
    tenant: headers.get('x-okapi-tenant') || undefined,
    token: headers.get('x-okapi-token') || cookie || undefined,
    apiKey: query.apikey || undefined,
    isWrite: method === 'POST',
    identifier: '',
    identifierType: 'id',
  };
}
