import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import { emptyAccount } from '../../../src/account/patronAccount.js';
import { assessed, event, lost, prepaid, transferred } from '../events.js';
import * as build from './corruptHistory.js';
import {
  type CorruptHistory,
  corrupt,
  credit,
  creditTransferred,
  disputed,
  fee,
  other,
  part,
  payment,
  recalled,
  settled,
  unsettled,
  waived,
} from './corruptHistory.js';

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

/** Events that are invalid by themselves, or that reuse an id, a command or an external transaction. */
export const misshapen = {
  MalformedEvent: [
    ...[
      { ...build.fine, data: { ...build.fine.data, total: undefined } },
      { ...build.lowered('1.00', '9.00'), data: { ...build.lowered('1.00', '9.00').data, total: undefined } },
    ].map((next) =>
      corrupt(
        `${next.type} of a fine without a total`,
        next.type === 'FeeAssessed' ? [] : [build.fine],
        next,
        'the total of the fine',
        undefined,
      ),
    ),
    ...[
      { ...fee, data: { ...fee.data, total: '10.00' } },
      { ...build.lowered('1.00', '9.00'), data: { ...build.lowered('1.00', '9.00').data, accrual: false } },
    ].map((next) =>
      corrupt(
        `${next.type} with a total, although it is no fine`,
        next.type === 'FeeAssessed' ? [] : [build.fine],
        next,
        'no total, which only fines have',
        next.data.total,
      ),
    ),
    corrupt(
      'a payment with the total of no transaction',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionTotal: '5.00' }),
      'an externalTransactionId beside its total',
      '5.00',
    ),
    ...[
      payment({ allocations: [part('1.00')], part: 'rest' }),
      payment({ allocations: [part('1.00')], part: 'rest', externalTransactionId: 'x1', feesNamed: ['f1'] }),
      payment({ allocations: [part('1.00')], part: 'half' as never, externalTransactionId: 'x1' }),
    ].map((event) =>
      corrupt(
        `a payment that is not the rest of a transaction: ${JSON.stringify(event.data)}`,
        [fee],
        event,
        'the rest of a transaction, which names no fees',
        event.data.part,
      ),
    ),
    corrupt('nothing', [], undefined, anEvent, 'TypeError'),
    corrupt('null', [], null, anEvent, 'TypeError'),
    corrupt('an event without data', [], { type: 'FeeAssessed' }, anEvent, 'TypeError'),
    corrupt('data that is null', [fee], { type: 'FeeWaived', data: null }, anEvent, 'TypeError'),
    corrupt(
      'a payment without allocations',
      [fee],
      payment({ allocations: undefined }),
      anEvent,
      'TypeError',
    ),
    corrupt('an allocation that is null', [fee], payment({ allocations: [null] }), anEvent, 'TypeError'),
    corrupt(
      'a recall that uses a credit that is null',
      [fee, transferred('t1', 'f1', '5.00')],
      recalled('1.00', { setOff: [null] }),
      anEvent,
      'TypeError',
    ),
    corrupt(
      'an undone use of a credit with a gap in its list',
      [fee, credit, build.applied()],
      build.unapplied({}, { allocations: new Array(1) }),
      anEvent,
      'TypeError',
    ),
    corrupt('an overpayment that is null', [fee], payment({ overpayment: null }), anEvent, 'TypeError'),
    corrupt('a digest in a list', [], { ...fee, ...by('k1', ['one'] as never) }, 'a digest', ['one']),
    corrupt(
      'a digest in a list, of a command with the id of the event',
      [],
      { ...fee, ...by('f1', ['one'] as never) },
      'a digest',
      ['one'],
    ),
    ...[0, 100.5, '19', false].map((vatPercent) =>
      corrupt(
        `a tax of ${JSON.stringify(vatPercent)} percent`,
        [],
        { ...fee, data: { ...fee.data, vatPercent } },
        'a percentage above 0, at most 100',
        vatPercent,
      ),
    ),
    corrupt('an event whose getter throws', [fee], throwing, anEvent, 'Error: not today'),
  ],
  UnknownEventType: [
    corrupt('an event of another library', [fee], { type: 'FeeForgotten', data: {} }, aType, 'FeeForgotten'),
    corrupt('a type named like a method of every object', [fee], { type: 'toString' }, aType, 'toString'),
    corrupt('an event without a type', [fee], { data: fee.data }, aType, undefined),
    corrupt('a number', [fee], 17, aType, undefined),
    corrupt('a text', [fee], 'FeeAssessed', aType, undefined),
  ],
  InvalidAmount: [
    corrupt('a decimal too few', [fee], waived('2.5'), twoDecimals, '2.5'),
    corrupt('a decimal too many', [fee], waived('2.500'), twoDecimals, '2.500'),
    corrupt('a number', [fee], waived(2.5 as never), twoDecimals, 2.5),
    corrupt('no amount', [fee], waived(null as never), twoDecimals, null),
    corrupt('more than twelve digits', [fee], waived('10000000000.00'), twoDecimals, '10000000000.00'),
    corrupt('zero', [fee], waived('0.00'), 'an amount above 0', '0.00'),
    corrupt(
      'a settlement reversed by zero',
      [fee, transferred('t1', 'f1', '10.00'), settled()],
      unsettled({ amount: '0.00' }),
      'an amount above 0',
      '0.00',
    ),
    corrupt('a negative part', [fee], payment({ allocations: [part('-1.00')] }), twoDecimals, '-1.00'),
  ],
  InvalidId: [
    corrupt('no characters', [], assessed('', '1.00'), anId, ''),
    corrupt('null for the id of a command', [], { ...fee, ...by(null as never, 'one') }, anId, null),
    corrupt('no characters for the id of a command', [], { ...fee, ...by('', 'one') }, anId, ''),
    corrupt('201 characters', [], assessed('x'.repeat(201), '1.00'), anId, 'x'.repeat(201)),
    corrupt('no id', [], assessed(undefined as never, '1.00'), anId, undefined),
    corrupt('null for an id', [], assessed(null as never, '1.00'), anId, null),
    corrupt(
      'a dispute with the id null',
      [fee],
      event('FeeDisputed', { disputeId: null as never, feeId: 'f1' }),
      anId,
      null,
    ),
    corrupt('a number', [], assessed(17 as never, '1.00'), anId, 17),
    corrupt('a list that converts to an id', [], assessed(['f1'] as never, '1.00'), anId, ['f1']),
    // Found by a soak: a rebuilt index treated null as the text "null".
    corrupt(
      'null for an external transaction',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: null }),
      anId,
      null,
    ),
    corrupt(
      'a number for the method of an external transaction',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: 'x1', method: 17 }),
      anId,
      17,
    ),
    corrupt(
      'an external transaction that looks like a method and an id',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: 'x\u0000y' }),
      'an id without U+0000',
      'x\u0000y',
    ),
    corrupt('an empty id for the credit', [], prepaid('p1', '', '1.00'), anId, ''),
  ],
  IdUsedTwice: [
    corrupt(
      'a surplus with an id in use',
      [fee, transferred('t1', 'f1', '10.00')],
      settled('10.00', { surplus: { creditId: 'f1', amount: '1.00' } }),
      aNewId,
      'f1',
    ),
    corrupt(
      "a surplus under its settlement's id",
      [fee, transferred('t1', 'f1', '10.00')],
      settled('10.00', { surplus: { creditId: 's1', amount: '1.00' } }),
      'an id of its own for the credit',
      's1',
    ),
    corrupt('a fee of the same id', [fee], fee, aNewId, 'f1'),
    corrupt("a waiver with a fee's id", [fee], waived('1.00', 'f1'), aNewId, 'f1'),
    corrupt('an overpayment with an id in use', [fee], prepaid('p1', 'f1', '1.00'), aNewId, 'f1'),
    corrupt(
      "an overpayment under its payment's id",
      [],
      prepaid('p1', 'p1', '1.00'),
      'an id of its own for the credit',
      'p1',
    ),
    corrupt(
      'the first event of a command, twice',
      [{ ...fee, ...by('f1', 'one') }],
      { ...fee, ...by('f1', 'one') },
      aNewId,
      'f1',
    ),
    corrupt(
      'the id of a command',
      [fee, { ...disputed, ...by('k1', 'one') }],
      assessed('k1', '1.00'),
      aNewId,
      'k1',
    ),
  ],
  OtherCommandWithThisId: [
    corrupt(
      'two events of different commands with one id',
      [{ ...fee, ...by('k1', 'one') }],
      { ...other, ...by('k1', 'two') },
      'one',
      'two',
    ),
    corrupt(
      'a command with the id of an event without a command',
      [fee],
      { ...other, ...by('f1', 'two') },
      null,
      'two',
    ),
    corrupt(
      "another command whose first thing takes the command's id",
      [fee, { ...disputed, ...by('k1', 'one') }],
      { ...assessed('k1', '1.00'), ...by('k1', 'two') },
      'one',
      'two',
    ),
  ],
  OtherCurrency: [
    corrupt('euros among dollars', [fee], assessed('f2', '1.00', { currency: 'EUR' }), 'USD', 'EUR'),
    corrupt('no currency', [fee], assessed('f2', '1.00', { currency: undefined as never }), 'USD', undefined),
    corrupt(
      'an unknown currency',
      [],
      assessed('f1', '1.00', { currency: 'XXX' }),
      'an ISO 4217 code',
      'XXX',
    ),
  ],
  InvalidReturnTerms: [
    ...([undefined, '50', -1, 100.1, Number.NaN] as const).map((refundPercent) =>
      corrupt(
        `a return with a refund of ${refundPercent} percent`,
        [lost('f1', '10.00')],
        event('LostItemReturned', {
          returnId: 'b1',
          feeId: 'f1',
          refundPercent: refundPercent as never,
          unpaid: 'percent',
        }),
        'a percentage from 0 to 100',
        refundPercent,
      ),
    ),
    corrupt(
      'a return with unknown terms',
      [lost('f1', '10.00')],
      event('LostItemReturned', {
        returnId: 'b1',
        feeId: 'f1',
        refundPercent: 50,
        unpaid: 'some' as never,
      }),
      'percent or all',
      'some',
    ),
  ],
  NamedTwice: [
    corrupt(
      'a payment for which a fee was named twice',
      [fee],
      payment({ allocations: [part('1.00')], externalTransactionId: 'x1', feesNamed: ['f1', 'f1'] }),
      'each name once',
      'f1',
    ),
    corrupt(
      'a payment that names a fee twice',
      [fee],
      payment({ amount: '2.00', allocations: [part('1.00'), part('1.00')] }),
      'each name once',
      'f1',
    ),
  ],
  TurnoverAboveSafeIntegers: [
    corrupt(
      'a fee that takes all amounts ever above what can be added up exactly',
      { ...emptyAccount(), currency: 'USD', turnover: Number.MAX_SAFE_INTEGER - 99 },
      { ...assessed('f1', '1.00'), ...by('k1', 'one') },
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER + 1,
    ),
  ],
  ForbiddenCredit: [
    corrupt(
      'a surplus of a transferred credit',
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
      corrupt(
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
    corrupt(
      'a cause in a list',
      [fee],
      { type: 'CreditIssued', data: { ...fee.data, creditId: 'c1', cause: ['manual'], purpose: 'goodwill' } },
      'a purpose that the cause allows',
      'goodwill, of cause object',
    ),
    corrupt(
      'a cancelled fee without its id',
      [fee],
      event('CreditIssued', { creditId: 'c1', amount: '1.00', cause: 'cancelled', purpose: 'refundable' }),
      'a fee',
      undefined,
    ),
    corrupt(
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
