import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import { emptyAccount } from '../../../src/account/patronAccount.js';
import { assessed, event, lost, prepaid, transferred } from '../events.js';
import {
  type CorruptHistory,
  credit,
  creditTransferred,
  disputed,
  fee,
  other,
  part,
  payment,
  settled,
  told,
  unsettled,
  waived,
} from './told.js';

const throwing = {
  type: 'FeeWaived',
  get data() {
    throw new Error('not today');
  },
};

const anEvent = 'an event';
const aType = 'an event type of this library';
const twoDecimals = 'an amount with 2 decimals';
const anId = 'an id of 1 to 200 characters';
const aNewId = 'an id that is new in this account';

const by = (commandId: string, commandDigest: string) => ({ metadata: { commandId, commandDigest } });

/** Events that are wrong by themselves, or that use an id, a command or an external transaction once more. */
export const misshapen = {
  MalformedEvent: [
    told('nothing', [], undefined, anEvent, 'TypeError'),
    told('null', [], null, anEvent, 'TypeError'),
    told('an event without data', [], { type: 'FeeAssessed' }, anEvent, 'TypeError'),
    told('data that is null', [fee], { type: 'FeeWaived', data: null }, anEvent, 'TypeError'),
    told('a payment without allocations', [fee], payment({ allocations: undefined }), anEvent, 'TypeError'),
    told('an allocation that is null', [fee], payment({ allocations: [null] }), anEvent, 'TypeError'),
    told('an overpayment that is null', [fee], payment({ overpayment: null }), anEvent, 'TypeError'),
    told('a digest in a list', [], { ...fee, ...by('k1', ['one'] as never) }, 'a digest', ['one']),
    told(
      'a digest in a list, of the command that the event is named after',
      [],
      { ...fee, ...by('f1', ['one'] as never) },
      'a digest',
      ['one'],
    ),
    told('an event that throws when it is read', [fee], throwing, anEvent, 'Error: not today'),
  ],
  UnknownEventType: [
    told('an event of another library', [fee], { type: 'FeeForgotten', data: {} }, aType, 'FeeForgotten'),
    told('a type that is a method of every object', [fee], { type: 'toString' }, aType, 'toString'),
    told('an event without a type', [fee], { data: fee.data }, aType, undefined),
    told('a number', [fee], 17, aType, undefined),
    told('a text', [fee], 'FeeAssessed', aType, undefined),
  ],
  InvalidAmount: [
    told('a decimal too few', [fee], waived('2.5'), twoDecimals, '2.5'),
    told('a decimal too many', [fee], waived('2.500'), twoDecimals, '2.500'),
    told('a number', [fee], waived(2.5 as never), twoDecimals, 2.5),
    told('no amount', [fee], waived(null as never), twoDecimals, null),
    told('more than twelve digits', [fee], waived('10000000000.00'), twoDecimals, '10000000000.00'),
    told('zero', [fee], waived('0.00'), 'an amount above 0', '0.00'),
    told(
      'a settlement of which nothing is reversed',
      [fee, transferred('t1', 'f1', '10.00'), settled()],
      unsettled({ amount: '0.00' }),
      'an amount above 0',
      '0.00',
    ),
    told('a negative part', [fee], payment({ allocations: [part('-1.00')] }), twoDecimals, '-1.00'),
  ],
  InvalidId: [
    told('no characters', [], assessed('', '1.00'), anId, ''),
    told('null for the id of a command', [], { ...fee, ...by(null as never, 'one') }, anId, null),
    told('no characters for the id of a command', [], { ...fee, ...by('', 'one') }, anId, ''),
    told('201 characters', [], assessed('x'.repeat(201), '1.00'), anId, 'x'.repeat(201)),
    told('no id', [], assessed(undefined as never, '1.00'), anId, undefined),
    told('null for an id', [], assessed(null as never, '1.00'), anId, null),
    told(
      'a dispute that is named null',
      [fee],
      event('FeeDisputed', { disputeId: null as never, feeId: 'f1' }),
      anId,
      null,
    ),
    told('a number', [], assessed(17 as never, '1.00'), anId, 17),
    told('a list that reads like an id', [], assessed(['f1'] as never, '1.00'), anId, ['f1']),
    // Found by a soak: an index made anew took null for the text "null".
    told(
      'null for an external transaction',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: null }),
      anId,
      null,
    ),
    told(
      'a number for the method of an external transaction',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: 'x1', method: 17 }),
      anId,
      17,
    ),
    told(
      'an external transaction that reads like a method and an id',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: 'x\u0000y' }),
      'an id without U+0000',
      'x\u0000y',
    ),
    told('an empty id for the credit', [], prepaid('p1', '', '1.00'), anId, ''),
  ],
  IdUsedTwice: [
    told(
      'a surplus under an id in use',
      [fee, transferred('t1', 'f1', '10.00')],
      settled('10.00', { surplus: { creditId: 'f1', amount: '1.00' } }),
      aNewId,
      'f1',
    ),
    told(
      "a surplus under its settlement's id",
      [fee, transferred('t1', 'f1', '10.00')],
      settled('10.00', { surplus: { creditId: 's1', amount: '1.00' } }),
      'an id of its own for the credit',
      's1',
    ),
    told('a fee of the same id', [fee], fee, aNewId, 'f1'),
    told("a waiver under a fee's id", [fee], waived('1.00', 'f1'), aNewId, 'f1'),
    told('an overpayment under an id in use', [fee], prepaid('p1', 'f1', '1.00'), aNewId, 'f1'),
    told(
      "an overpayment under its payment's id",
      [],
      prepaid('p1', 'p1', '1.00'),
      'an id of its own for the credit',
      'p1',
    ),
    told(
      'what a command made first, made by it twice',
      [{ ...fee, ...by('f1', 'one') }],
      { ...fee, ...by('f1', 'one') },
      aNewId,
      'f1',
    ),
    told(
      'the id of a command',
      [fee, { ...disputed, ...by('k1', 'one') }],
      assessed('k1', '1.00'),
      aNewId,
      'k1',
    ),
  ],
  OtherCommandWithThisId: [
    told(
      'two events of different commands with one id',
      [{ ...fee, ...by('k1', 'one') }],
      { ...other, ...by('k1', 'two') },
      'one',
      'two',
    ),
    told(
      'a command with the id of what no command made',
      [fee],
      { ...other, ...by('f1', 'two') },
      null,
      'two',
    ),
    told(
      "another command whose first thing takes the command's id",
      [fee, { ...disputed, ...by('k1', 'one') }],
      { ...assessed('k1', '1.00'), ...by('k1', 'two') },
      'one',
      'two',
    ),
  ],
  OtherCurrency: [
    told('euros among dollars', [fee], assessed('f2', '1.00', { currency: 'EUR' }), 'USD', 'EUR'),
    told('no currency', [fee], assessed('f2', '1.00', { currency: undefined as never }), 'USD', undefined),
    told(
      'no currency of the world',
      [],
      assessed('f1', '1.00', { currency: 'XXX' }),
      'an ISO 4217 code',
      'XXX',
    ),
  ],
  InvalidReturnTerms: [
    ...([undefined, '50', -1, 100.1, Number.NaN] as const).map((refundPercent) =>
      told(
        `a return that brings ${refundPercent} percent`,
        [lost('f1', '10.00')],
        event('LostItemReturned', {
          ...{ returnId: 'b1', feeId: 'f1', refundPercent: refundPercent as never, unpaid: 'percent' },
        }),
        'a percentage from 0 to 100',
        refundPercent,
      ),
    ),
    told(
      'a return on terms that do not exist',
      [lost('f1', '10.00')],
      event('LostItemReturned', {
        ...{ returnId: 'b1', feeId: 'f1', refundPercent: 50, unpaid: 'some' as never },
      }),
      'percent or all',
      'some',
    ),
  ],
  NamedTwice: [
    told(
      'a payment for which a fee was named twice',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: 'x1', feesNamed: ['f1', 'f1'] }),
      'each name once',
      'f1',
    ),
    told(
      'a payment that names a fee twice',
      [fee],
      payment({ amount: '2.00', allocations: [part('1.00'), part('1.00')] }),
      'each name once',
      'f1',
    ),
  ],
  TurnoverAboveSafeIntegers: [
    told(
      'a fee that takes all amounts ever above what can be added up exactly',
      { ...emptyAccount(), currency: 'USD', turnover: Number.MAX_SAFE_INTEGER - 99 },
      { ...assessed('f1', '1.00'), ...by('k1', 'one') },
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER + 1,
    ),
  ],
  ForbiddenCredit: [
    told(
      'a surplus of a credit that was handed over',
      [credit, creditTransferred('5.00')],
      settled('5.00', { transferId: 't2', surplus: { creditId: 'c9', amount: '1.00' } }),
      'a surplus of a transferred fee',
      't2',
    ),
    ...(
      [
        ['CreditIssued', 'manual', 'refundable'],
        ['CreditIssued', 'imported', 'external'],
        ['CreditIssued', 'waived', 'refundable'],
        ['CreditIssued', 'settlement', 'goodwill'],
        ['CreditIssued', 'overpayment', 'refundable'],
        ['CreditIssued', 'constructor', 'refundable'],
        ['CreditIssued', 'manual', 'anything'],
        ['LostItemCreditIssued', 'waived', 'refundable'],
        ['LostItemCreditIssued', 'waived', 'goodwill'],
        ['LostItemCreditIssued', 'cancelled', 'refundable'],
        ['LostItemCreditIssued', 'returned', 'goodwill'],
      ] as const
    ).map(([type, cause, purpose]) =>
      told(
        `${type} of the cause ${cause} with the purpose ${purpose}`,
        [
          assessed('f1', '10.00', { lostItem: true }),
          event('LostItemReturned', { returnId: 'b1', feeId: 'f1', refundPercent: 100, unpaid: 'percent' }),
          payment({ allocations: [part('1.00')] }),
        ],
        { type, data: { ...fee.data, creditId: 'c1', amount: '1.00', cause, purpose } },
        'a purpose that the cause allows',
        `${purpose}, of cause ${cause}`,
      ),
    ),
    told(
      'a cause in a list',
      [fee],
      { type: 'CreditIssued', data: { ...fee.data, creditId: 'c1', cause: ['manual'], purpose: 'goodwill' } },
      'a purpose that the cause allows',
      'goodwill, of cause object',
    ),
    told(
      'a cancelled fee that is not named',
      [fee],
      event('CreditIssued', { creditId: 'c1', amount: '1.00', cause: 'cancelled', purpose: 'refundable' }),
      'a fee',
      undefined,
    ),
    told(
      'goodwill of a fee',
      [fee],
      event('CreditIssued', {
        creditId: 'c1',
        feeId: 'f1',
        amount: '1.00',
        cause: 'manual',
        purpose: 'goodwill',
      }),
      'no fee',
      'f1',
    ),
  ],
} satisfies Partial<Record<HistoryFault, readonly CorruptHistory[]>>;
