import type {
  AccountEvent,
  Command,
  CommandType,
  Decision,
  FeePolicy,
  FeePolicyInput,
  PatronAccount,
} from '../../src/index.js';
import { decide, definePolicy, findCredit, formatAmount, parseAmount } from '../../src/index.js';
import type { Decide } from '../../src/testing/arbitraries/runMoves.js';
import {
  changed,
  deciding,
  emitting,
  forgettingTransactions,
  withoutEvents,
} from '../testing/laws/mutants.js';

/** A fault planted into `decide`. */
export type PlantedFault = { readonly name: string; readonly decide: Decide };

type EventType = AccountEvent['type'];

/** One minor unit more or less in an amount. */
function unitsOff(type: EventType, units: 1 | -1): Decide {
  return emitting(type, (event, account) => {
    if (!('amount' in event.data) || event.data.amount === undefined) return [event];
    const minor = parseAmount(event.data.amount, account.minorDigits) + units;
    return [minor < 1 ? event : changed(event, { amount: formatAmount(minor, account.minorDigits) })];
  });
}

const lost = (type: EventType): PlantedFault => ({
  name: `${type} is forgotten`,
  decide: (...asked) => withoutEvents(type, decide(...asked)),
});

const ignored = (type: CommandType): PlantedFault => ({
  name: `${type} is answered as done, and nothing is done`,
  decide: deciding(type, (decision) => (decision.accepted ? { accepted: true, events: [] } : decision)),
});

const off = (type: EventType, units: 1 | -1): PlantedFault => ({
  name: `${type} is ${units === 1 ? 'a unit too large' : 'a unit too small'}`,
  decide: unitsOff(type, units),
});

const twice = (type: EventType): PlantedFault => ({
  name: `${type} is stored twice`,
  decide: emitting(type, (event) => [event, event]),
});

/** The decision on an account that has forgotten which commands it has seen. */
const forgetsCommands: Decide = (command, account, policy, options) =>
  decide(
    [command].flat().map((one) => ({ ...one, id: `${one.id}-${account.eventCount}` })) as Command[],
    account,
    policy,
    options,
  );

function moreEvents(
  type: CommandType,
  more: (command: never, account: PatronAccount) => readonly object[],
): Decide {
  return deciding(
    type,
    (decision, command, account): Decision =>
      decision.accepted && decision.events.length > 0
        ? {
            accepted: true,
            events: [...decision.events, ...(more(command as never, account) as AccountEvent[])],
          }
        : decision,
  );
}

/** Decides under another policy than the one that it is given; without permissions and approvals if it says so. */
function under(
  name: string,
  change: (policy: FeePolicy) => Partial<FeePolicy>,
  withoutRoles = false,
): PlantedFault {
  const others = new WeakMap<FeePolicy, FeePolicy>();
  const otherOf = (policy: FeePolicy) => {
    const { permissions: _permissions, approvals: _approvals, ...rules } = policy;
    const changed = { ...(withoutRoles ? rules : policy), ...change(policy) } as FeePolicyInput;
    const other = others.get(policy) ?? definePolicy(changed);
    others.set(policy, other);
    return other;
  };
  return {
    name,
    decide: (command, account, policy, options) => decide(command, account, otherOf(policy), options),
  };
}

const credit = (id: string, at: string, account: PatronAccount, amount: string) => ({
  type: 'CreditIssued',
  data: {
    creditId: `${id}#9`,
    amount,
    currency: account.currency ?? 'JPY',
    cause: 'imported',
    purpose: 'refundable',
    at,
  },
});

const own: readonly PlantedFault[] = [
  ...(
    [
      ...[
        'FeeWaived',
        'LostItemCreditIssued',
        'LostItemReturned',
        'FeeTransferred',
        'TransferSettled',
        'TransferRecalled',
      ],
      ...[
        'CreditIssued',
        'CreditApplied',
        'CreditRefunded',
        'CreditCancelled',
        'FeeCancelled',
        'PaymentReversed',
      ],
      ...[
        'WaiverReversed',
        'CreditApplicationReversed',
        'RefundReversed',
        'AccrualEnded',
        'SettlementReversed',
      ],
    ] as EventType[]
  ).map(lost),
  ...(
    [
      'FeeWaived',
      'FeeCancelled',
      'CreditRefunded',
      'CreditIssued',
      'FeeTransferred',
      'PaymentReversed',
    ] as const
  ).map((type) => off(type, 1)),
  ...(
    [
      'FeeWaived',
      'FeeCancelled',
      'CreditRefunded',
      'CreditIssued',
      'LostItemCreditIssued',
      'FeeTransferred',
    ] as const
  ).map((type) => off(type, -1)),
  ...(
    ['ReceivePayment', 'WaiveFees', 'CancelFee', 'ReversePayment', 'DisputeFee', 'ResolveDispute'] as const
  ).map(ignored),
  ...(['FeeWaived', 'PaymentReceived', 'CreditApplied', 'FeeDisputed', 'AccrualEnded'] as const).map(twice),
];

/** Kinds of defects that other systems have had. */
const known: readonly PlantedFault[] = [
  {
    name: 'a repeated command is executed again (FOLIO, Alma: no key of idempotency)',
    decide: forgetsCommands,
  },
  { name: 'a webhook that comes twice is two payments (Evergreen 2057948)', decide: forgettingTransactions },
  {
    name: 'a cancelled fee keeps what was paid (FOLIO)',
    decide: deciding('CancelFee', (decision) => withoutEvents('CreditIssued', decision)),
  },
  {
    name: 'what is waived becomes cash (Koha 29923)',
    decide: moreEvents('WaiveFees', ({ id, at }: Command, account) => [
      credit(id, at, account, formatAmount(1, account.minorDigits)),
    ]),
  },
  {
    name: 'an overpayment is counted twice (Evergreen)',
    decide: moreEvents('ReceivePayment', ({ id, at }: Command, account) => [
      credit(id, at, account, formatAmount(1, account.minorDigits)),
    ]),
  },
  {
    name: 'a refund forgets what was refunded before (FOLIO)',
    decide: emitting('CreditRefunded', (event, account) => {
      if (event.type !== 'CreditRefunded') return [event];
      const whole = findCredit(account, event.data.creditId)?.amount ?? 0;
      return [changed(event, { amount: formatAmount(whole, account.minorDigits) })];
    }),
  },
  {
    name: 'a bounced payment leaves the fee paid (Koha)',
    decide: deciding('ReversePayment', (decision) =>
      decision.accepted ? { accepted: true, events: [] } : decision,
    ),
  },
  under(
    'the return of a lost item gives everything back, whatever its percentage (FOLIO)',
    ({ feeTypes }) => ({
      feeTypes: Object.fromEntries(
        Object.entries(feeTypes).map(([code, rule]) => [
          code,
          rule.lostItem ? { ...rule, refundPercent: 100 } : rule,
        ]),
      ),
    }),
  ),
  under(
    'a waived lost item is settled, not shown as a credit (against the guide of Alma)',
    ({ feeTypes }) => ({
      feeTypes: Object.fromEntries(
        Object.entries(feeTypes).map(([code, rule]) => [
          code,
          { ...rule, lostItem: false, refundPercent: 0 },
        ]),
      ),
    }),
  ),
  under('what is unpaid on return is treated on the other terms', ({ unpaidOnReturn }) => ({
    unpaidOnReturn: unpaidOnReturn === 'all' ? 'percent' : 'all',
  })),
  under('more than is owed is taken without being asked for (SIP2)', () => ({ overpayment: 'credit' })),
  under('a fine grows above its limit (Koha MaxFine)', () => ({ accrualLimits: {} })),
  under('anybody may give every command (FOLIO: permissions of the screen alone)', () => ({}), true),
  under('fees below the minimum are sent to the bursar', ({ transfers }) => ({
    transfers: { ...transfers, fees: {}, credits: {} },
  })),
  under('card numbers are stored in references', () => ({ cardNumbers: 'allowed' })),
  {
    name: 'a disputed fee can be paid (Koha)',
    decide: (command, account, policy, options) =>
      decide(
        command,
        { ...account, fees: account.fees.map((fee) => ({ ...fee, disputed: false })) },
        policy,
        options,
      ),
  },
  {
    name: 'a returned fine goes on growing (Koha)',
    decide: (...asked) => withoutEvents('AccrualEnded', decide(...asked)),
  },
  under('a payment is spread otherwise than the policy says (FOLIO: evenly)', ({ paymentOrder }) => ({
    paymentOrder: paymentOrder === 'evenly' ? 'oldest-first' : 'evenly',
  })),
  {
    name: 'a payment beyond what is owed disappears (SIP2 clients)',
    decide: emitting('PaymentReceived', (event) => {
      if (event.type !== 'PaymentReceived' || event.data.overpayment === undefined) return [event];
      const { overpayment: _, ...data } = event.data;
      return [{ ...event, data } as AccountEvent];
    }),
  },
  {
    name: 'a refusal is answered as done (clients that read the status alone)',
    decide: (...asked) => {
      const decision = decide(...asked);
      return decision.accepted ? decision : { accepted: true, events: [] };
    },
  },
];

/** The faults; each has one name. */
export const plantedFaults: readonly PlantedFault[] = [...own, ...known];
