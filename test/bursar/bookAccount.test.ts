import { describe, expect, it, vi } from 'vitest';
import {
  bookAccount,
  bookedHistory,
  planSettlement,
  type SettlementJob,
} from '../../src/bursar/bookAccount.js';
import type { Settlement } from '../../src/bursar/settlementRow.js';
import { type EventStore, versionConflict } from '../../src/history/index.js';
import { type AccountEvent, type Command, decide, emptyAccount, fold } from '../../src/index.js';
import { acceptedEvents, ask, assess, at, policyWith, transfer } from '../support/account.js';
import { watched } from '../support/stores.js';
import { accountOf, expecting, institution, storeOf } from './bursarLibrary.js';

const paymentOf = (row: number): Settlement => ({
  row,
  line: null,
  reference: 'a@job',
  patronId: 'a',
  transferId: 'job',
  kind: 'fee',
  amount: '0.01',
  paymentReference: `B-${row}`,
});

it('reads an account once and appends 250 rows at a time, however many payments a transfer has', async () => {
  const { store, calls } = watched(await storeOf({ a: [assess('f1', '10.00'), transfer('job', 'f1')] }));
  const rows = Array.from({ length: 600 }, (_, index) => paymentOf(index + 1));
  const job = { jobId: 'answer', at, by: { channel: 'import' } } as const;
  const outcomes = await bookAccount(store, { institution, patronId: 'a' }, rows, job, expecting);
  expect([...outcomes.values()].every(({ isNew }) => isNew)).toBe(true);
  expect(calls).toEqual(['read after 0', 'append 250 at 2', 'append 250 at 252', 'append 100 at 502']);
  expect((await accountOf(store, 'a')).transfers[0]).toMatchObject({ amount: 1_000, settled: 600 });
});

it('pauses before it retries an account after a conflict', async () => {
  const store = await storeOf({ a: [assess('f1', '10.00'), transfer('job', 'f1')] });
  let conflicts = 0;
  const racing: EventStore = {
    ...store,
    append: (stream, events, options) => {
      conflicts += 1;
      return conflicts <= 3
        ? Promise.reject(versionConflict(stream, 2, 3))
        : store.append(stream, events, options);
    },
  };
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const job = { jobId: 'answer', at, by: { channel: 'import' } } as const;
  const outcomes = await bookAccount(racing, { institution, patronId: 'a' }, [paymentOf(1)], job, expecting);
  const pauses = timer.mock.calls.map(([, pause]) => pause as number);
  timer.mockRestore();
  expect(outcomes.get(1)).toMatchObject({ isNew: true, finding: null });
  expect(pauses).toHaveLength(3);
  expect(pauses.every((pause, index) => pause > 0 && pause <= 8 * 2 ** index)).toBe(true);
});

const job: SettlementJob = { jobId: 'answer', at, by: { channel: 'import' } };

const sent: readonly Command[] = [
  assess('f1', '10.00'),
  ask('IssueCredit', 'c1', { amount: '4.00', cause: 'imported' }),
  transfer('t1', 'f1'),
  ask('TransferFees', 't2', { credits: [{ creditId: 'c1' }] }),
];

const historyOf = (commands: readonly Command[], policy = expecting) =>
  acceptedEvents(decide(commands, emptyAccount(), policy));

function settlement(more: Partial<Settlement> = {}): Settlement {
  return {
    row: 1,
    line: null,
    reference: 'u17@t1',
    patronId: 'u17',
    transferId: 't1',
    kind: 'fee',
    amount: '10.00',
    paymentReference: undefined,
    ...more,
  };
}

/** Runs rows one after the other, each with its job, and returns their results. */
function played(
  history: readonly AccountEvent[],
  ...rows: readonly (Partial<Settlement> & { readonly jobId?: string; readonly bookReversed?: boolean })[]
) {
  let events = history;
  return rows.map(({ jobId = 'answer', bookReversed = false, ...row }) => {
    const plan = planSettlement(
      fold(events),
      of(events),
      settlement(row),
      { ...job, jobId, bookReversed },
      expecting,
    );
    events = [...events, ...plan.events];
    return (
      plan.finding?.code ?? plan.events.map(({ type, data }) => `${type} ${'amount' in data && data.amount}`)
    );
  });
}

/** Finds the events of a command in a history. */
function of(events: readonly AccountEvent[]) {
  const history = bookedHistory();
  for (const event of events) history.add(event);
  return history;
}

describe('a reported payment', () => {
  it('closes a transfer in full, in parts, or issues a credit for the surplus', () => {
    expect(played(historyOf(sent), { amount: '10' })).toEqual([['TransferSettled 10.00']]);
    expect(
      played(historyOf(sent), { amount: '3' }, { amount: '8', row: 2, paymentReference: 'B-2' }),
    ).toEqual([['TransferSettled 3.00'], ['TransferSettled 7.00', 'CreditIssued 1.00']]);
  });

  it('of a credit has the opposite sign', () => {
    const credit = { transferId: 't2', kind: 'credit', amount: '4' } as const;
    expect(played(historyOf(sent), credit)).toEqual([['TransferSettled 4.00']]);
    expect(played(historyOf(sent), { ...credit, kind: 'fee' })).toEqual(['AMOUNT_NOT_USABLE']);
    expect(played(historyOf(sent), { kind: 'credit' })).toEqual(['AMOUNT_NOT_USABLE']);
    expect(played(historyOf(sent), { ...credit, amount: '5' })).toEqual(['REFUSED']);
  });

  it('is pending again after it bounced: the payment that the row names', () => {
    const [one, two] = [
      { paymentReference: 'B-1', amount: '3' },
      { paymentReference: 'B-2', amount: '4', row: 2 },
    ];
    const bounced = { ...one, kind: 'credit', row: 3 } as const;
    expect(played(historyOf(sent), one, two, bounced, bounced, { ...bounced, jobId: 'other' })).toEqual([
      ['TransferSettled 3.00'],
      ['TransferSettled 4.00'],
      ['SettlementReversed 3.00'],
      [],
      'REPEATED',
    ]);
    expect(played(historyOf(sent), one, { ...bounced, paymentReference: 'B-9' })).toEqual([
      ['TransferSettled 3.00'],
      'AMOUNT_NOT_USABLE',
    ]);
  });

  it('that bounced without a name is the latest one of at least that amount', () => {
    const named = { paymentReference: 'B-1', amount: '6' };
    const bounced = { kind: 'credit', amount: '5', row: 3 } as const;
    expect(played(historyOf(sent), named, { amount: '3', row: 2 }, bounced, bounced)).toEqual([
      ['TransferSettled 6.00'],
      ['TransferSettled 3.00'],
      ['SettlementReversed 5.00'],
      [],
    ]);
    expect(played(historyOf(sent), { amount: '3' }, { ...bounced, jobId: 'next' })).toEqual([
      ['TransferSettled 3.00'],
      'AMOUNT_NOT_USABLE',
    ]);
  });

  it('whose settlement was reversed is a finding, and booked again only if the form allows it', () => {
    const named = { paymentReference: 'B-1', amount: '3' };
    const bounced = { ...named, kind: 'credit', row: 2, jobId: 'bounced' } as const;
    const again = { ...named, jobId: 'corrected', bookReversed: true };
    expect(
      played(historyOf(sent), named, bounced, named, { ...again, bookReversed: false }, again, again),
    ).toEqual([
      ['TransferSettled 3.00'],
      ['SettlementReversed 3.00'],
      'REVERSED_SINCE',
      'REVERSED_SINCE',
      ['TransferSettled 3.00'],
      [],
    ]);
  });

  it('that bounced within one file is not a finding when the job is repeated', () => {
    const named = { paymentReference: 'B-1', amount: '3' };
    const bounced = { ...named, kind: 'credit', row: 2 } as const;
    expect(played(historyOf(sent), named, bounced, named, bounced)).toEqual([
      ['TransferSettled 3.00'],
      ['SettlementReversed 3.00'],
      [],
      [],
    ]);
  });

  it('is recognised by its name in the external system, in any job and row', () => {
    const named = { paymentReference: 'B-1', amount: '3' };
    expect(
      played(
        historyOf(sent),
        named,
        named,
        { ...named, row: 9 },
        { ...named, jobId: 'other' },
        { ...named, amount: '4' },
        { ...named, paymentReference: 'B-2' },
      ),
    ).toEqual([
      ['TransferSettled 3.00'],
      [],
      'REPEATED',
      'REPEATED',
      'OTHER_AMOUNT',
      ['TransferSettled 3.00'],
    ]);
  });

  it('without a name is recognised within its job', () => {
    expect(
      played(historyOf(sent), { amount: '3' }, { amount: '3' }, { amount: '3', row: 2 }, { amount: '4' }),
    ).toEqual([['TransferSettled 3.00'], [], 'REPEATED', 'OTHER_AMOUNT']);
    expect(played(historyOf(sent), { amount: '3' }, { amount: '3', jobId: 'other' })).toEqual([
      ['TransferSettled 3.00'],
      ['TransferSettled 3.00'],
    ]);
  });

  it('may have one name for several transfers', () => {
    const history = historyOf([assess('f2', '1.00'), ...sent, transfer('t3', 'f2')]);
    const named = { paymentReference: 'B-1', amount: '1' };
    expect(played(history, named, { ...named, transferId: 't3', row: 2 })).toEqual([
      ['TransferSettled 1.00'],
      ['TransferSettled 1.00'],
    ]);
  });

  it('records its source, both when booked and when recognised later', () => {
    const history = historyOf(sent);
    const row = settlement({ row: 17, paymentReference: 'B-1' });
    const first = planSettlement(fold(history), of(history), row, job, expecting);
    expect(first.booked).toEqual(first.events);
    expect(first.events).toMatchObject([
      {
        data: { externalReference: 'B-1', at, by: { channel: 'import' } },
        metadata: { correlationId: 'answer', causationId: 'answer/17' },
      },
    ]);
    const after = [...history, ...first.events];
    const again = planSettlement(fold(after), of(after), row, job, expecting);
    expect(again).toEqual({ events: [], booked: first.events, finding: null });
    const other = planSettlement(fold(after), of(after), { ...row, row: 18 }, job, expecting);
    expect(other).toMatchObject({
      booked: [],
      finding: { code: 'REPEATED', bookedBy: 'answer/17', row: 18 },
    });
  });

  it('is a finding if there is no such transfer, or nothing is pending', () => {
    expect(played(historyOf(sent), { transferId: 'f1' }, { transferId: '__proto__' })).toEqual([
      'UNKNOWN_REFERENCE',
      'UNKNOWN_REFERENCE',
    ]);
    expect(planSettlement(emptyAccount(), of([]), settlement(), job, expecting).finding?.code).toBe(
      'UNKNOWN_REFERENCE',
    );
    const recalled = historyOf([...sent, ask('RecallTransfer', 'b1', { transferId: 't1' })]);
    expect(played(recalled, {})).toEqual(['REFUSED']);
  });

  it('is a finding if no settlement was expected', () => {
    const forgotten = historyOf([
      assess('f1', '10.00'),
      ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], expectsSettlement: false }),
    ]);
    const { finding } = planSettlement(fold(forgotten), of(forgotten), settlement(), job, expecting);
    expect(finding).toMatchObject({
      code: 'REFUSED',
      rejection: { type: 'TransferNotPending', transferId: 't1' },
    });
  });

  it('is a finding if the account is in another currency', () => {
    const yen = policyWith({ currency: 'JPY', transfers: { expectsSettlement: true } });
    const history = historyOf([assess('f1', '10'), transfer('t1', 'f1')], yen);
    expect(played(history, {})).toEqual(['OTHER_CURRENCY']);
  });
});
