import { describe, expect, it } from 'vitest';
import { credit, debit } from '../../../src/books/journal/ledgerAccount.js';
import { definePolicy } from '../../../src/index.js';
import { tillPostings } from '../../../src/jobs/reports/index.js';
import {
  decideTill,
  emptyTill,
  foldTill,
  type MethodAmount,
  officeEvents,
  type TillCommand,
  type TillEvent,
} from '../../../src/office/index.js';
import { policy, policyWith } from '../../support/account.js';
import { at, by, close, move, open, tillAfter, tillEvents } from './tills.js';

const refusal = (command: TillCommand, till = emptyTill, rules = policy) => {
  const decision = decideTill(command, till, rules);
  return decision.accepted ? null : decision.rejection;
};

describe('a till', () => {
  it('is opened with a float, counted and closed, over or short', () => {
    const [session] = tillAfter(open(), close('c', '12.50', '62.00')).sessions;
    expect(session).toMatchObject({ float: '50.00', openedBy: { userId: 'ana' } });
    expect(session?.closing).toMatchObject({ closingId: 'c', closedBy: { userId: 'ben' } });
    expect(session?.closing?.counts).toEqual([
      {
        method: 'CASH',
        takings: '12.50',
        expected: '62.50',
        counted: '62.00',
        difference: '-0.50',
        deposit: '12.00',
      },
    ]);
  });

  it('includes money that was put in and taken out in the expected amount', () => {
    const till = tillAfter(
      open(),
      move('m1', 'in', '10'),
      move('m2', 'out', '40.25'),
      close('c', '5', '25.00'),
    );
    const [count] = till.sessions[0]?.closing?.counts ?? [];
    expect([count?.expected, count?.difference, count?.deposit]).toEqual(['24.75', '0.25', '0.00']);
  });

  it('counts every method separately', () => {
    const command = {
      ...close('c', '-3', '47'),
      takings: [
        { method: 'CASH', amount: '-3.00' },
        { method: 'CHECK', amount: '20' },
      ],
      counts: [
        { method: 'CHECK', amount: '15' },
        { method: 'CASH', amount: '47' },
      ],
      deposits: [{ method: 'CASH', amount: '0' }],
      depositReference: 'slip 7',
    };
    const closing = tillAfter(open(), command).sessions[0]?.closing;
    expect(closing?.depositReference).toBe('slip 7');
    expect(closing?.counts.map(({ method, difference, deposit }) => [method, difference, deposit])).toEqual([
      ['CHECK', '-5.00', '15.00'],
      ['CASH', '0.00', '0.00'],
    ]);
  });

  it('counts a method that paid out more than it took as below zero, neither over nor short', () => {
    const closing = {
      ...close('c', '0', '50'),
      takings: [{ method: 'CREDIT_CARD', amount: '-20' }],
      counts: [
        { method: 'CREDIT_CARD', amount: '-20' },
        { method: 'CASH', amount: '50' },
      ],
    };
    const countOf = (more: Partial<typeof closing> & { readonly deposits?: readonly MethodAmount[] }) =>
      tillAfter(open(), { ...closing, ...more }).sessions[0]?.closing?.counts[0];
    const right = { expected: '-20.00', counted: '-20.00', difference: '0.00', deposit: '-20.00' };
    expect(countOf({})).toMatchObject(right);
    expect(countOf({ deposits: [{ method: 'CREDIT_CARD', amount: '0' }] })).toMatchObject(right);
    const deposits = [{ method: 'CREDIT_CARD', amount: '1' }];
    expect(refusal({ ...closing, deposits }, tillAfter(open()))).toMatchObject({
      type: 'TillDepositExceedsCount',
      available: '-20.00',
    });
    const events = tillEvents(open(), closing).map((event) =>
      officeEvents.decode(officeEvents.encode(event)),
    );
    expect(tillPostings(events as TillEvent[])[1]?.postings).toEqual([
      debit(['cash', 'CREDIT_CARD'], 2_000, null),
      debit(['deposited', 'CREDIT_CARD'], -2_000, null),
      credit(['cash', 'CASH'], 5_000, null),
      debit(['safe'], 5_000, null),
    ]);
  });

  it('refuses a second close, and accepts the same close again', () => {
    const till = tillAfter(open(), close('c', '1', '51'));
    expect(refusal(close('c2', '1', '51'), till)).toMatchObject({
      type: 'TillSessionClosed',
      sessionId: 'CIRC/1',
      closedBy: { userId: 'ben' },
    });
    expect(decideTill({ ...close('c', '1.00', '51.00'), comment: 'again' }, till, policy)).toEqual({
      accepted: true,
      events: [],
    });
    expect(refusal(close('c', '1', '52'), till)).toEqual({
      type: 'OfficeIdAlreadyUsed',
      kind: 'conflict',
      id: 'c',
    });
    expect(refusal(move('m', 'in', '1'), till)?.type).toBe('TillSessionClosed');
  });

  it('refuses to be opened twice, and is opened again once it is closed', () => {
    const till = tillAfter(open());
    expect(refusal(open('CIRC/2'), till)).toMatchObject({ type: 'TillAlreadyOpen', sessionId: 'CIRC/1' });
    expect(tillAfter(open(), close('c', '0', '50'), open('CIRC/2', '0')).sessions).toHaveLength(2);
  });

  it('refuses unknown sessions and methods, missing counts, and deposits above the count', () => {
    const till = tillAfter(open());
    expect(refusal(close('c', '1', '1', 'other'), till)).toEqual({
      type: 'TillSessionNotFound',
      kind: 'notFound',
      sessionId: 'other',
    });
    expect(refusal({ ...open(), floatMethod: 'SHELLS' })).toEqual({
      type: 'TillMethodUnknown',
      known: expect.anything(),
      kind: 'invalid',
      method: 'SHELLS',
    });
    const counts = [{ method: 'CASH', amount: '50' }];
    const takings = [{ method: 'CHECK', amount: '20' }];
    expect(refusal({ ...close('c', '0', '0'), counts, takings }, till)).toEqual({
      type: 'TillMethodNotCounted',
      kind: 'invalid',
      method: 'CHECK',
      expected: '20.00',
    });
    expect(refusal({ ...close('c', '0', '0'), counts: [], takings: [] }, till)).toEqual({
      type: 'TillMethodNotCounted',
      kind: 'invalid',
      method: 'CASH',
      expected: '50.00',
    });
    expect(
      refusal({ ...close('c', '0', '50'), counts: [...counts, { method: 'SHELLS', amount: '1' }] }, till),
    ).toEqual({
      type: 'TillMethodUnknown',
      known: expect.anything(),
      kind: 'invalid',
      method: 'SHELLS',
    });
    const deposits = [{ method: 'CASH', amount: '50.01' }];
    expect(refusal({ ...close('c', '0', '50'), deposits }, till)).toEqual({
      type: 'TillDepositExceedsCount',
      kind: 'invalid',
      method: 'CASH',
      available: '50.00',
      deposit: '50.01',
    });
    expect(refusal({ ...close('c', '0', '50'), deposits: [{ method: 'CHECK', amount: '1' }] }, till)).toEqual(
      {
        type: 'TillDepositExceedsCount',
        kind: 'invalid',
        method: 'CHECK',
        available: '0.00',
        deposit: '1.00',
      },
    );
  });

  it('deposits cash that was dropped to the safe during the session', () => {
    const session = [open(), move('drop', 'out', '90'), move('change', 'in', '10')];
    const deposit = (amount: string) => ({
      ...close('c', '100', '70'),
      deposits: [{ method: 'CASH', amount }],
    });
    expect(refusal(deposit('160.01'), tillAfter(...session))).toMatchObject({
      type: 'TillDepositExceedsCount',
      available: '160.00',
    });
    const events = tillEvents(...session, deposit('100')).map(
      (event) => officeEvents.decode(officeEvents.encode(event)) as TillEvent,
    );
    // The float and the change came from the safe, and so does what is deposited above the count.
    expect(tillPostings(events).at(-1)?.postings).toEqual([
      credit(['cash', 'CASH'], 7_000, null),
      debit(['deposited', 'CASH'], 10_000, null),
      debit(['safe'], -3_000, null),
    ]);
    const safe = tillPostings(events).flatMap(({ postings }) =>
      postings.filter(({ account }) => account[0] === 'safe').map(({ amountMinor }) => amountMinor),
    );
    expect(safe.reduce((sum, minor) => sum + minor, 0)).toBe(0);
  });

  it('refuses malformed commands with the path of each fault', () => {
    const faultsOf = (command: unknown) => {
      const rejection = refusal(command as TillCommand);
      return rejection?.type === 'InvalidOfficeCommand'
        ? rejection.faults.map(({ path }) => path)
        : rejection;
    };
    const { userId: _, ...nobody } = by;
    expect(faultsOf(null)).toEqual(['']);
    expect(faultsOf({ type: 'Rob' })).toEqual(['type']);
    expect(faultsOf({ ...open(), by: nobody })).toEqual(['by.userId']);
    expect(faultsOf({ ...open(), flaot: '1' })).toEqual(['flaot']);
    for (const float of ['-1', '1.005', '1e3', ' 5', '', '0.000', '-', '1234567890123']) {
      expect(faultsOf({ ...open(), float })).toEqual(['float']);
    }
    expect(faultsOf(move('m', 'in', '0'))).toEqual(['amount']);
    expect(faultsOf(close('c', '--1', '--1'))).toEqual(['takings[0].amount', 'counts[0].amount']);
    expect(refusal(close('c', '1', '-1'), tillAfter(open()))).toMatchObject({
      type: 'InvalidOfficeCommand',
      faults: [{ path: 'counts[0].amount', found: '-1.00' }],
    });
    const counts = [
      { method: 'CASH', amount: '1' },
      { method: 'CASH', amount: '2' },
    ];
    expect(faultsOf({ ...close('c', '1', '1'), counts })).toEqual(['counts']);
  });

  it('refuses another currency', () => {
    const yen = definePolicy({ currency: 'JPY' });
    expect(refusal(close('c', '1', '51'), tillAfter(open()), yen)).toEqual({
      type: 'OfficeInOtherCurrency',
      kind: 'conflict',
      recordedCurrency: 'USD',
      policyCurrency: 'JPY',
    });
    expect(decideTill(open('x', '5000'), emptyTill, yen).events[0]?.data).toMatchObject({ float: '5000' });
  });
});

describe('a difference above what the policy lets pass', () => {
  const limited = policyWith({
    permissions: { CloseTill: { CLERK: { upTo: '5.00' } }, AcceptTillDifference: { CLERK: {} } },
  });
  const clerk = { channel: 'desk', userId: 'ben', roles: ['CLERK'] } as const;
  const opened = tillAfter(open());
  const count = (counted: string, policy = limited) => {
    const decision = decideTill({ ...close('c1', '12.50', counted), by: clerk }, opened, policy);
    if (!decision.accepted) throw new Error(decision.rejection.type);
    return foldTill(decision.events, opened);
  };
  const accept = (userId: string, id = 'a1', sessionId = 'CIRC/1') =>
    ({ type: 'AcceptTillDifference', id, sessionId, at, by: { ...clerk, userId } }) as const;

  it('is recorded at the count, and the session names the limit', () => {
    for (const [counted, above] of [
      ['57.50', null],
      ['57.49', '5.00'],
      ['67.51', '5.00'],
    ] as const)
      expect(count(counted).sessions[0]?.closing?.differenceAbove).toBe(above);
    expect(count('0', policyWith({})).sessions[0]?.closing).toMatchObject({
      difference: '62.50',
      differenceAbove: null,
    });
  });

  it('is summed over all methods, so that one method cannot hide another', () => {
    const counts = [
      { method: 'CASH', amount: '47.00' },
      { method: 'CHECK', amount: '3.00' },
    ];
    const decision = decideTill({ ...close('c1', '0', '0'), counts, by: clerk }, opened, limited);
    expect(decision.events[0]?.data).toMatchObject({ differenceAbove: '5.00' });
  });

  it('is accepted once, by another user than the one who counted', () => {
    const till = count('40.00');
    expect(decideTill(accept('BEN '), till, limited)).toMatchObject({
      rejection: { type: 'SameUser', as: 'CloseTill' },
    });
    const decision = decideTill(accept('mo'), till, limited);
    expect(decision.events).toMatchObject([{ type: 'TillDifferenceAccepted', data: { amount: '22.50' } }]);
    const after = decision.accepted ? foldTill(decision.events, till) : till;
    expect(after.sessions[0]?.closing?.acceptedBy?.userId).toBe('mo');
    expect(decideTill(accept('mo'), after, limited)).toMatchObject({ accepted: true, events: [] });
    for (const [state, command] of [
      [after, accept('kim', 'a2')],
      [opened, accept('mo')],
      [count('62.50'), accept('mo')],
    ] as const)
      expect(decideTill(command, state, limited)).toMatchObject({
        rejection: { type: 'TillDifferenceNotFound' },
      });
    expect(() => foldTill(decision.events, after)).toThrow('CORRUPT_HISTORY');
    expect(() => foldTill(decision.events, opened)).toThrow('CORRUPT_HISTORY');
  });
});
