import { amountFromNumber } from '../../money/amountFromNumber.js';
import { digitsOf } from '../../money/currency.js';
import { groupNames, type PatronGroup } from '../../patron/patronGroup.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { jsonNumber } from '../clientAmount.js';
import type { AlmaFee, AlmaFees, AlmaStatus } from './almaFees.js';
import { toAlmaFees } from './toAlmaFees.js';

/** The rows of all accounts of a patron, as clients of Alma get them. */
export type AlmaRows = {
  /** Returns the fees and credits with a status, and their totals. */
  readonly withStatus: (status: AlmaStatus) => AlmaFees;
  /** Returns the fee or credit with an id; undefined without one. */
  readonly withId: (id: string) => AlmaFee | undefined;
};

/** How rows are written for clients. */
export type AlmaRowOptions = {
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
