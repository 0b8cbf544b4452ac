import * as v from 'valibot';
import { nameField, textField } from '../../account/fieldSchemas.js';
import { plainObject } from '../../input/plainObject.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { knownCodes } from '../../policy/knownCodes.js';
import {
  circumstancesOf,
  decideOffice,
  type OfficeContext,
  type OfficeDecideOptions,
  type OfficeDecision,
} from '../officeDecision.js';
import { byDigits, officeAmounts, officeCommandFields } from '../officeFields.js';
import type { OfficeCommandBase } from '../till/tillCommands.js';
import { givenFor, type RemittanceEvent, type Remittances, remittanceAmounts } from './remittance.js';
import type { RemittanceRejection } from './remittanceRejection.js';

/** What every command about a remittance has. */
export type RemittanceCommandBase = OfficeCommandBase & {
  /** The external system, a destination of the policy; left out if transfers name none. */
  readonly destination?: string;
};

/** Records money that an external system handed over, or that it was paid. The command's id names the remittance. */
export type RecordRemittance = RemittanceCommandBase & {
  /** The command's name. */
  readonly type: 'RecordRemittance';
  /** `received`: from the external system; `paid`: to it, for credits that it gave out. */
  readonly direction: 'received' | 'paid';
  /** The money that was handed over, a decimal string above 0. */
  readonly amount: string;
  /** What the external system kept as its fee, a decimal string above 0; only if received. Nothing if left out. */
  readonly commission?: string;
  /** The part that patrons paid there above what was pending, a decimal string above 0. Nothing if left out. */
  readonly surplus?: string;
  /** The reference of the payment, e.g. of a bank transfer. */
  readonly reference?: string;
};

/** Undoes a remittance that was recorded in error or did not arrive. */
export type ReverseRemittance = RemittanceCommandBase & {
  /** The command's name. */
  readonly type: 'ReverseRemittance';
  /** The remittance. */
  readonly remittanceId: string;
};

/** A command about a remittance. */
export type RemittanceCommand = RecordRemittance | ReverseRemittance;

/** The result of {@link decideRemittance}: the events to append, or the rejection. */
export type RemittanceDecision = OfficeDecision<RemittanceEvent, RemittanceRejection>;

const schema = /* @__PURE__ */ byDigits((digits) => {
  const { aboveZero } = officeAmounts(digits);
  const base = { ...officeCommandFields({ aboveZero }), destination: v.exactOptional(nameField) };
  const record = v.strictObject({
    ...base,
    type: v.literal('RecordRemittance'),
    direction: v.picklist(['received', 'paid'], "'received' or 'paid'"),
    amount: aboveZero,
    commission: v.exactOptional(aboveZero),
    surplus: v.exactOptional(aboveZero),
    reference: v.exactOptional(textField),
  });
  return v.pipe(
    plainObject,
    v.variant(
      'type',
      [
        v.pipe(
          record,
          v.forward(
            v.check(
              ({ direction, commission }) => direction === 'received' || commission === undefined,
              'no commission of what is paid',
            ),
            ['commission'],
          ),
        ),
        v.strictObject({ ...base, type: v.literal('ReverseRemittance'), remittanceId: nameField }),
      ],
      'RecordRemittance or ReverseRemittance',
    ),
  );
});

/**
 * Decides a command about the remittances of one external system. Pure, so it can also be used for a dry run.
 *
 * The same command with the same id is a repeat: it is accepted without events. The amount is not compared with what
 * was settled, because that is spread over all accounts: `runBursarBalances` reports it if more was remitted than
 * settled.
 *
 * @param command - a command
 * @param state - the remittances of its external system
 * @param policy - the institution's policy, for the currency and the destinations
 * @param options - the present time
 * @returns the events to append, or the rejection
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY` for an invalid policy; `INVALID_ARGUMENT` if
 * the policy has `backdating` and `now` is missing
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideRemittance, foldRemittances, noRemittances } from 'patron-fees/bursar';
 *
 * const policy = definePolicy({ currency: 'USD', destinations: { BANNER: 'Student accounts' } });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const about = { destination: 'BANNER', at: '2026-04-01T09:00:00Z', by } as const;
 * const record = { type: 'RecordRemittance', id: 'r1', direction: 'received', amount: '400', ...about } as const;
 * const { events } = decideRemittance(record, noRemittances, policy);
 * const state = foldRemittances(events);
 * state.remittances.map(({ remittanceId, amount }) => [remittanceId, amount]); //=> [['r1', '400.00']]
 * const undo = { type: 'ReverseRemittance', id: 'u1', remittanceId: 'r2', ...about } as const;
 * const refused = decideRemittance(undo, state, policy);
 * refused.accepted ? null : refused.rejection.type; //=> 'RemittanceNotFound'
 * ```
 */
export function decideRemittance(
  command: RemittanceCommand,
  state: Remittances,
  policy: FeePolicy,
  options: OfficeDecideOptions = {},
): RemittanceDecision {
  const remittanceOf = ({ remittanceId }: RemittanceEvent['data']) =>
    state.remittances.find((one) => one.remittanceId === remittanceId);
  const rules = {
    schema,
    decide: (canonical: RemittanceCommand, context: OfficeContext) =>
      canonical.type === 'RecordRemittance' ? record(canonical, context) : reverse(canonical, state, context),
    amounts: (event: RemittanceEvent) => remittanceAmounts(event, state),
    before: ({ data }: RemittanceEvent) => givenFor(remittanceOf(data)),
  };
  return decideOffice<RemittanceCommand, RemittanceEvent, RemittanceRejection>(
    command,
    state,
    policy,
    rules,
    options,
  );
}

function record(
  command: RecordRemittance,
  { policy: { currency, destinations }, digits, metadata }: OfficeContext,
): RemittanceEvent | RemittanceRejection {
  const { id, direction, amount, destination, reference } = command;
  const zero = formatAmount(0, digits);
  const { commission = zero, surplus = zero } = command;
  if (destination !== undefined && !Object.hasOwn(destinations, destination)) {
    const known = knownCodes(destination, Object.keys(destinations));
    return { type: 'RemittanceDestinationUnknown', kind: 'invalid', destination, known };
  }
  const total = minorUnits(amount) + minorUnits(commission);
  if (minorUnits(surplus) > total) {
    return {
      type: 'RemittanceSurplusExceedsAmount',
      kind: 'invalid',
      amount: formatAmount(total, digits),
      surplus,
    };
  }
  const figures = { direction, amount, commission, surplus };
  const data = {
    remittanceId: id,
    currency,
    ...figures,
    ...(reference !== undefined && { reference }),
    ...circumstances(command),
  };
  return { type: 'RemittanceRecorded', data, metadata };
}

function reverse(
  command: ReverseRemittance,
  { remittances }: Remittances,
  { policy: { currency }, metadata }: OfficeContext,
): RemittanceEvent | RemittanceRejection {
  const { id: reversalId, remittanceId } = command;
  const found = remittances.find((one) => one.remittanceId === remittanceId);
  if (found === undefined) return { type: 'RemittanceNotFound', kind: 'notFound', remittanceId };
  if (found.isReversed) return { type: 'RemittanceAlreadyReversed', kind: 'conflict', remittanceId };
  const data = { remittanceId, reversalId, currency, amount: found.amount, ...circumstances(command) };
  return { type: 'RemittanceReversed', data, metadata };
}

function circumstances(command: RemittanceCommand) {
  const { destination } = command;
  return { ...circumstancesOf(command), ...(destination !== undefined && { destination }) };
}
