import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import {
  type AccessToken,
  assertCodes,
  type DoorOptions,
  type DoorSettings,
  doorFields,
  functionField,
  serviceContext,
} from '../doorOptions.js';

/** What a client of Koha identifies itself by: a token that `token` gave it, or a user name and a password (Basic). */
export type KohaCredentials =
  | {
      /** The access token. */
      readonly token: string;
    }
  | {
      /** The user name. */
      readonly user: string;
      /** The password. */
      readonly password: string;
    };

/** A request, for the hooks that decide who may do what. */
export type KohaAccess = {
  /** What the client identifies itself by; `undefined` if it sends nothing that can be read. */
  readonly credentials: KohaCredentials | undefined;
  /** Whether the request changes anything. */
  readonly isWrite: boolean;
  /** The patron's id, of the path; empty for requests that are about no patron. */
  readonly patronId: string;
  /** The library of the header `x-koha-library`; `undefined` without it. */
  readonly library: string | undefined;
};

/** A patron, as the hook `patron` returns it. */
export type KohaPatron = {
  /** The patron's id in the event store. */
  readonly patronId: string;
  /**
   * The fields of Koha's patron, for `GET /patrons/{patron_id}`, such as `firstname`, `surname` and `cardnumber`.
   *
   * @defaultValue only `patron_id`
   */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** A client that asks for a token. */
export type KohaClient = {
  /** The client's id. */
  readonly clientId: string;
  /** The client's secret. */
  readonly clientSecret: string;
};

/** The types of credits that can be posted. */
export const creditTypes = ['PAYMENT', 'WRITEOFF', 'FORGIVEN', 'DISCOUNT', 'CREDIT'] as const;

/** The type of a credit that can be posted. */
export type KohaCreditType = (typeof creditTypes)[number];

/** The reasons of the policy for the types of credits that are no payments. */
export type KohaReasons = {
  /** The waiving reason of a write-off; such credits are refused if left out. */
  readonly WRITEOFF?: string;
  /** The waiving reason of what is forgiven; such credits are refused if left out. */
  readonly FORGIVEN?: string;
  /** The waiving reason of a discount; such credits are refused if left out. */
  readonly DISCOUNT?: string;
  /** The reason for a credit of goodwill; such credits are refused if left out. */
  readonly CREDIT?: string;
};

/** A till of the office, which clients of Koha see as a cash register. */
export type KohaTill = {
  /** The till. */
  readonly till: string;
  /** The library that it belongs to. */
  readonly library: string;
  /**
   * Its name.
   *
   * @defaultValue the till
   */
  readonly name?: string;
};

/** Options of {@link kohaAccountHandler}. */
export type KohaAccountHandlerOptions = DoorOptions<KohaAccess, KohaPatron> & {
  /**
   * Returns a token for a client (`POST /oauth/token`); `undefined` if its id or secret is wrong.
   *
   * @defaultValue no client gets a token
   */
  readonly token?: (client: KohaClient) => AccessToken | undefined | Promise<AccessToken | undefined>;
  /**
   * Returns the patrons that `GET /patrons` finds by its query, such as `{ cardnumber: '4711' }`, as Koha's patrons.
   *
   * @defaultValue no such resource
   */
  readonly patrons?: (
    query: Readonly<Record<string, string>>,
  ) => readonly Readonly<Record<string, unknown>>[] | Promise<readonly Readonly<Record<string, unknown>>[]>;
  /**
   * Returns Koha's item with an id (`GET /items/{item_id}`), which has a `biblio_id`; `undefined` for an unknown one.
   * Lines have the ids of their items only if this is given: clients fetch each, and a list fails if one is missing.
   *
   * @defaultValue lines have no items
   */
  readonly item?: (
    itemId: string,
  ) => Readonly<Record<string, unknown>> | undefined | Promise<Readonly<Record<string, unknown>> | undefined>;
  /**
   * Returns Koha's record with an id (`GET /biblios/{biblio_id}`); `undefined` for an unknown one.
   *
   * @defaultValue no such resource
   */
  readonly biblio?: (
    biblioId: string,
  ) => Readonly<Record<string, unknown>> | undefined | Promise<Readonly<Record<string, unknown>> | undefined>;
  /**
   * Returns the payment provider's id of the transaction that a posted payment belongs to; `undefined` if it has none.
   * A payment with a transaction is recorded once, however often it is sent, with or without the lines that it is for;
   * without one, each time.
   *
   * @defaultValue the `X` of the note `Online transaction X`, which Finna sends
   */
  readonly transactionOf?: (body: Readonly<Record<string, unknown>>) => string | undefined;
  /**
   * The policy's method of payments without a `payment_type`.
   *
   * @defaultValue `'ONLINE'`
   */
  readonly paymentMethod?: string;
  /**
   * The policy's reasons for credits that are no payments.
   *
   * @defaultValue such credits are refused
   */
  readonly reasons?: KohaReasons;
  /**
   * Koha's debit types by fee type, such as `{ OVERDUEFINE: 'OVERDUE' }`.
   *
   * @defaultValue the codes of fee types
   */
  readonly debitTypes?: Readonly<Record<string, string>>;
  /**
   * The tills whose sessions are read: each till is a cash register (`GET /libraries/{library_id}/cash_registers`), each closed
   * session a cash-up (`GET /cash_registers/{cash_register_id}/cashups`, `/cashups/{cashup_id}`).
   *
   * @defaultValue no such resources
   */
  readonly cashRegisters?: {
    /** The store of the office, opened with the codec `officeEvents`. */
    readonly office: OfficeStore;
    /** The tills. */
    readonly tills: readonly KohaTill[];
  };
  /**
   * The time zone of the days that lines have: an IANA name.
   *
   * @defaultValue `'UTC'`
   */
  readonly timeZone?: string;
};

type Options = Required<KohaAccountHandlerOptions>;

const reasonsSchema = v.strictObject({
  WRITEOFF: v.exactOptional(nameField),
  FORGIVEN: v.exactOptional(nameField),
  DISCOUNT: v.exactOptional(nameField),
  CREDIT: v.exactOptional(nameField),
});

const optionsSchema = v.strictObject({
  ...doorFields,
  token: v.exactOptional(functionField<Options['token']>('a function')),
  patrons: v.exactOptional(functionField<Options['patrons']>('a function')),
  item: v.exactOptional(functionField<Options['item']>('a function')),
  biblio: v.exactOptional(functionField<Options['biblio']>('a function')),
  transactionOf: v.exactOptional(functionField<Options['transactionOf']>('a function')),
  paymentMethod: v.exactOptional(nameField),
  reasons: v.exactOptional(reasonsSchema),
  debitTypes: v.exactOptional(v.pipe(plainObject, v.record(nameField, nameField))),
  cashRegisters: v.exactOptional(
    v.strictObject({
      office: v.custom<OfficeStore>(
        (store) => typeof store === 'object' && store !== null,
        'a store of the office',
      ),
      tills: v.array(
        v.strictObject({ till: commandIdField, library: nameField, name: v.exactOptional(v.string()) }),
      ),
    }),
  ),
  timeZone: v.exactOptional(timeZoneField),
});

/** What the handler works with: the options, checked, with defaults. */
export type KohaSettings = DoorSettings<KohaAccess, KohaPatron> &
  Pick<Options, 'paymentMethod' | 'reasons' | 'debitTypes' | 'transactionOf'> &
  Pick<KohaAccountHandlerOptions, 'token' | 'patrons' | 'item' | 'biblio' | 'cashRegisters'> & {
    /** Returns the day of an instant. */
    readonly dayOf: (at: string) => string;
  };

/**
 * Checks the options.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, including if a method or a reason is not
 * the policy's; `INVALID_POLICY`
 */
export function kohaSettings(options: KohaAccountHandlerOptions): KohaSettings {
  const checked = checkedArgument(optionsSchema, options, 'options') as KohaAccountHandlerOptions;
  const context = serviceContext(checked);
  const { policy } = context;
  const { paymentMethod = 'ONLINE', reasons = {}, debitTypes = {}, timeZone = 'UTC' } = checked;
  const { transactionOf = finnaTransaction } = checked;
  const { CREDIT, ...waiving } = reasons;
  assertCodes(policy, 'paymentMethods', 'paymentMethod', paymentMethod);
  assertCodes(policy, 'waiveReasons', 'reasons', waiving);
  assertCodes(policy, 'creditReasons', 'reasons.CREDIT', CREDIT);
  if (checked.cashRegisters !== undefined)
    assertOfficeStore(checked.cashRegisters.office, 'options.cashRegisters.office');
  const dayOf = localDay(timeZone);
  return { ...checked, ...context, paymentMethod, reasons, debitTypes, transactionOf, dayOf };
}

/** Reads the transaction from the note that Finna sends with a payment. */
function finnaTransaction({ note }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof note === 'string' ? /^Online transaction (\S+)$/.exec(note)?.[1] : undefined;
}
