import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { almaFeeTypes } from '../../policy/codeTables.js';
import { definedPolicy, type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';

/** Data that is not in a response, for {@link fromAlmaFees}. If a needed one is missing, the row becomes a finding. */
export type AlmaImportOptions = {
  /**
   * The institution's policy, for the lost-item fee types, and for the currency of a response without one; Alma's own
   * two lost-item types if left out.
   */
  readonly policy?: FeePolicy;
  /**
   * The institution, for `by.institution` of every event.
   *
   * @defaultValue no institution
   */
  readonly institution?: string;
  /**
   * When the response was fetched: the time of a dispute or export whose row has no `status_time`.
   *
   * @defaultValue such a row is a finding
   */
  readonly importedAt?: string;
  /**
   * The library that owns fees whose row has no `owner`, as in older responses.
   *
   * @defaultValue such a row is a finding
   */
  readonly owner?: string;
  /**
   * The method of payments that have no `payment_method`, as in older responses.
   *
   * @defaultValue such a row is a finding
   */
  readonly paymentMethod?: string;
  /**
   * The code of the external billing system that exported fees went to.
   *
   * @defaultValue no destination
   */
  readonly destination?: string;
  /**
   * The tax rates that fees may have, in percent, besides the policy's rate for the fee type, e.g. those of former
   * years. A fee with VAT gets the first rate that gives its `original_vat_amount`.
   *
   * @defaultValue only the policy's rate; without any rate, VAT is ignored
   */
  readonly vatPercents?: readonly number[];
  /**
   * The purpose of unused credits: `refundable`, or `goodwill` if the institution pays no credits out. Alma does not
   * record whether a credit was paid for or given.
   *
   * @defaultValue `"refundable"`
   */
  readonly creditPurpose?: 'refundable' | 'goodwill';
};

/** A policy in an option. It is validated when it is used. */
export const policyArgument = v.custom<FeePolicy>(
  (policy) => typeof policy === 'object' && policy !== null,
  'a policy',
);

const optionsSchema = v.strictObject({
  policy: v.exactOptional(policyArgument),
  institution: v.exactOptional(nameField),
  importedAt: v.exactOptional(instantField),
  owner: v.exactOptional(nameField),
  paymentMethod: v.exactOptional(nameField),
  destination: v.exactOptional(nameField),
  vatPercents: v.exactOptional(
    v.array(
      v.pipe(
        v.number(),
        v.check((rate) => rate > 0 && rate <= 100, 'a rate above 0, at most 100'),
      ),
    ),
  ),
  creditPurpose: v.exactOptional(v.picklist(['refundable', 'goodwill'], 'refundable or goodwill')),
});

/**
 * Checks the options of an import.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault in `details.faults`;
 * `INVALID_POLICY`
 */
export function checkedOptions(options: AlmaImportOptions): AlmaImportOptions {
  const { policy, ...others } = checkedArgument(optionsSchema, options, 'options');
  return policy === undefined ? others : { ...others, policy: definedPolicy(policy) };
}

/** Returns the tax rates that a fee of a type may have, in percent. */
export function vatPercentsOf(
  { policy, vatPercents = [] }: AlmaImportOptions,
  feeType: string,
): readonly number[] {
  const own = policy && feeTypeRule(policy, feeType)?.vatPercent;
  return own ? [own, ...vatPercents] : vatPercents;
}

/** Returns whether fees of a type are charged for lost items. */
export function isLostItemType(options: AlmaImportOptions, feeType: string): boolean {
  const feeTypes = options.policy?.feeTypes ?? almaFeeTypes;
  return Object.hasOwn(feeTypes, feeType) && feeTypes[feeType]?.lostItem === true;
}
