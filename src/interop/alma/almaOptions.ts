import * as v from 'valibot';
import type { Item } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { amountFromNumber } from '../../money/amountFromNumber.js';
import { digitsOf } from '../../money/currency.js';
import { groupNames, type PatronGroup } from '../../patron/patronGroup.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { jsonNumber } from '../clientAmount.js';
import {
  assertCodes,
  type DoorOptions,
  doorFields,
  functionField,
  type ServiceContext,
  type ServiceOptions,
  serviceContext,
} from '../doorOptions.js';
import type { AlmaFee, AlmaFees, AlmaStatus } from './almaFees.js';
import type { AlmaAccess } from './almaHttp.js';
import { toAlmaFees } from './toAlmaFees.js';

/** A user, as the hook `patron` returns it. */
export type AlmaPatron = {
  /** The patron's id in the event store. */
  readonly patronId: string;
  /** The primary id, for `user_primary_id`; `patronId` if left out. */
  readonly primaryId?: string;
};

/** Options of {@link almaFeesHandler}. */
export type AlmaFeesHandlerOptions = DoorOptions<AlmaAccess, AlmaPatron> & {
  /**
   * Returns the item with a barcode, for a fee that is created; `undefined` for an unknown one, which is refused.
   *
   * @defaultValue any barcode is accepted
   */
  readonly item?: (barcode: string) => Item | undefined | Promise<Item | undefined>;
  /**
   * The policy's reason for credits that are created (a fee of type `CREDIT`), which then are goodwill.
   *
   * @defaultValue the type `CREDIT` is refused
   */
  readonly creditReason?: string;
  /**
   * The address of the API as clients know it, for the member `link` of fees, to which some post payments: e.g.
   * `https://fees.example/almaws/v1`. Set it behind a proxy, where requests have another address.
   *
   * @defaultValue the origin of each request, and `basePath`
   */
  readonly baseUrl?: string;
};

const optionsSchema = v.strictObject({
  ...doorFields,
  item: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['item']>>('a function')),
  creditReason: v.exactOptional(nameField),
  baseUrl: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => /^https?:\/\/[^?#]+$/.test(text) && URL.canParse(text), 'an http address'),
    ),
  ),
});

/** What the handler works with: the options, checked. */
export type AlmaSettings = ServiceContext & Omit<AlmaFeesHandlerOptions, keyof ServiceOptions>;

/**
 * Checks the options.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, including if the reason for credits is
 * not the policy's; `INVALID_POLICY`
 */
export function almaSettings(options: AlmaFeesHandlerOptions): AlmaSettings {
  const checked = checkedArgument(optionsSchema, options, 'options') as AlmaFeesHandlerOptions;
  const context = serviceContext(checked);
  assertCodes(context.policy, 'creditReasons', 'creditReason', checked.creditReason);
  return { ...checked, ...context };
}

/** The rows of all accounts of a patron, as clients of Alma get them. */
export type AlmaRows = {
  /** Returns the fees and credits with a status, and their totals. */
  readonly withStatus: (status: AlmaStatus) => AlmaFees;
  /** Returns the fee or credit with an id; undefined without one. */
  readonly withId: (id: string) => AlmaFee | undefined;
};

/** How rows are written for clients. */
type AlmaRowOptions = {
  /** The institution's policy. */
  readonly policy: FeePolicy;
  /** The patron's primary id. */
  readonly userPrimaryId: string;
  /** The names of libraries by code. */
  readonly libraries: Readonly<Record<string, string>>;
  /** The address of the patron's list of fees. */
  readonly address: string;
};

/** Returns the rows of a patron's accounts, each under the id by which clients know it. */
export function almaRows(group: PatronGroup, { address, ...options }: AlmaRowOptions): AlmaRows {
  const { nameOf } = groupNames(group);
  const currency = group[0].account.currency ?? options.policy.currency;
  const rows = group.flatMap(({ patronId, account }) =>
    toAlmaFees(account, options).fee.map((row) => {
      const id = nameOf({ patronId, id: row.id });
      return { ...row, id, link: `${address}/${encodeURIComponent(id)}` };
    }),
  );
  return {
    withStatus: (status) => {
      const fee = rows.filter((row) => row.status.value === status);
      const digits = digitsOf(currency);
      const sum = fee.reduce(
        (total, { balance }) => total + (amountFromNumber(balance, digits) as number),
        0,
      );
      const total_sum = jsonNumber(sum, digits);
      return { fee, total_record_count: fee.length, total_sum, currency, link: address };
    },
    withId: (id) => rows.find((row) => row.id === id),
  };
}
