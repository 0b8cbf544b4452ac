import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { evolve } from '../../src/account/evolve.js';
import { applyAll, fold, mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, findFee, type PatronAccount } from '../../src/account/patronAccount.js';
import { assessed, errorOf, event } from '../support/events.js';
import { strangeIds } from '../support/hostile.js';
import { history, waived } from '../support/wholeHistory.js';

/** Folds event by event. */
function evolved(events: readonly AccountEvent[], account: PatronAccount = emptyAccount()): PatronAccount {
  return events.reduce<PatronAccount>(evolve, account);
}

/** Every object reachable from a value, including itself. */
const throughJson = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;

describe('fold', () => {
  it('starts from an empty account, or from the result of another fold', () => {
    for (let end = 0; end <= history.length; end++) {
      const middle = fold(history.slice(0, end));
      expect(fold(history.slice(end), middle)).toStrictEqual(fold(history));
      expect(evolved(history.slice(end), middle)).toStrictEqual(fold(history));
    }
    expect(fold([])).toStrictEqual(emptyAccount());
  });

  it('continues from an account that went through JSON or structuredClone, whatever the ids', () => {
    const events = strangeIds.flatMap((id): AccountEvent[] => [
      assessed(id, '10.00'),
      event('PaymentReceived', {
        paymentId: `${id}/p`,
        amount: '1.00',
        method: id,
        externalTransactionId: id,
        allocations: [{ feeId: id, amount: '1.00' }],
      }),
      event('FeeDisputed', { disputeId: `${id}/d`, feeId: id }),
    ]);
    const more = strangeIds.flatMap((id): AccountEvent[] => [
      event('DisputeResolved', { disputeId: `${id}/d`, feeId: id, outcome: 'withdrawn' }),
      event('FeeWaived', { waiverId: `${id}/w`, feeId: id, amount: '2.00' }, { commandId: `${id}/w` }),
    ]);
    const account = fold(events);
    const whole = fold(more, account);
    expect(whole.fees.map(({ feeId, waived }) => [feeId, waived])).toEqual(strangeIds.map((id) => [id, 200]));
    for (const form of [throughJson(account), structuredClone(account), evolved(events)]) {
      // Not strictly: that looks at `constructor`, which is an id here.
      expect(fold(more, form)).toEqual(whole);
      expect(evolved(more, form)).toEqual(whole);
    }
  });

  it.each(strangeIds)('accepts %j as the id of any row, once', (id) => {
    const account = fold([assessed(id, '1.00', {}), ...history.slice(0, 1)]);
    expect(account.fees.map(({ feeId }) => feeId)).toEqual([id, 'f1']);
    expect(findFee(account, id)?.original).toBe(100);
    expect(errorOf(() => fold([assessed(id, '1.00')], account)).details.fault).toBe('IdUsedTwice');
    expect(findFee(evolved([assessed(id, '1.00')]), id)?.original).toBe(100);
  });

  it('accepts ids of 200 characters', () => {
    const [one, two] = ['x'.repeat(200), `${'x'.repeat(199)}y`];
    expect(fold([assessed(one, '1.00'), assessed(two, '1.00')]).fees).toHaveLength(2);
  });

  it('keeps the insertion order of rows, even if the ids look like numbers', () => {
    const ids = ['10', '9', '2', '1', '0', '-1', 'b', 'a'];
    const account = fold(ids.map((id) => assessed(id, '1.00')));
    for (const form of [
      account,
      throughJson(account),
      structuredClone(account),
      fold([], throughJson(account)),
    ]) {
      expect(form.fees.map(({ feeId }) => feeId)).toEqual(ids);
    }
  });

  it('does not change its account and events, frozen or not', () => {
    const account = evolved(history.slice(0, 4));
    const before = structuredClone(account);
    const events = structuredClone(history.slice(4)) as AccountEvent[];
    const after = fold(events, account);
    expect(account).toEqual(before);
    expect(events).toEqual(history.slice(4));
    expect([after, after.fees, after.fees[0], after.ids].some(Object.isFrozen)).toBe(false);
  });

  it('reads events from any iterable, each once', () => {
    function* generated() {
      yield* history;
    }
    expect(fold(generated())).toStrictEqual(fold(history));
    expect(fold(new Set(history))).toStrictEqual(fold(history));
  });

  it('rethrows an error of the event source unchanged', () => {
    const failure = new Error('the connection was lost');
    function* failing() {
      yield assessed('f1', '1.00');
      throw failure;
    }
    expect(errorOf(() => fold(failing()))).toBe(failure);
  });

  it.each([[null], [undefined], [5], [{}], [{ length: 1 }]])(
    'refuses %s, which is not an iterable of events',
    (events) => {
      expect(errorOf(() => fold(events as never)).message).toBe(
        'INVALID_ARGUMENT: events: expected a list of events',
      );
    },
  );

  it('refuses an invalid account', () => {
    for (const input of [null, 5, {}, []]) {
      expect(errorOf(() => fold([], input as never)).code).toBe('INVALID_ACCOUNT');
    }
  });

  it('reports the stream and the position of corruption, and returns no account', () => {
    const error = errorOf(() => fold([...history, waived], emptyAccount(), { stream: 'north/p1' }));
    expect(error.message).toBe(
      'CORRUPT_HISTORY: north/p1: event 14 (FeeWaived): IdUsedTwice: expected an id that is new in this account, found w1',
    );
    expect(error.details).toMatchObject({ stream: 'north/p1', position: 14, fault: 'IdUsedTwice' });
  });
});

describe('mutableCopy', () => {
  it('equals the account', () => {
    expect(mutableCopy(fold(history))).toStrictEqual(fold(history));
  });

  it('shares nothing with the account that an event can change', () => {
    const account = evolved(history);
    const copy = mutableCopy(account);
    const undo: readonly AccountEvent[] = [
      event('WaiverReversed', { reversalId: 'r1', waiverId: 'w1', feeId: 'f1', amount: '4.00' }),
      event('DisputeResolved', { disputeId: 'd1', feeId: 'f1', outcome: 'withdrawn' }),
      event('TransferRecalled', { recallId: 'r2', transferId: 't1', amount: '2.00' }),
      event('RefundReversed', { reversalId: 'r3', refundId: 'b1', creditId: 'c1', amount: '1.00' }),
      event('CreditApplicationReversed', {
        reversalId: 'r4',
        applicationId: 'a1',
        creditId: 'c1',
        allocations: [{ feeId: 'f2', amount: '3.00' }],
      }),
      event('PaymentReversed', {
        reversalId: 'r5',
        paymentId: 'p1',
        amount: '8.00',
        method: 'CASH',
        allocations: [],
        overpayment: { creditId: 'c1', amount: '8.00' },
      }),
      event('PaymentReversed', {
        reversalId: 'r6',
        paymentId: 'p2',
        amount: '1.00',
        method: 'CASH',
        allocations: [{ feeId: 'f2', amount: '1.00' }],
      }),
      event('LostItemReturned', { returnId: 'r7', feeId: 'f3', refundPercent: 100, unpaid: 'percent' }),
    ];
    applyAll(copy, undo);
    expect(account).toStrictEqual(evolved(history));
    expect(copy).toStrictEqual(fold([...history, ...undo]));
  });
});

it('says what to pass instead of stored events', () => {
  const stored = { version: 1, event: assessed('f1', '10.00') };
  expect(() => fold([stored] as never)).toThrow('of stored ones pass their `.event`');
  expect(() => fold([{ type: 'X' }] as never)).toThrow('expected an event type of this library');
});

describe('applyAll', () => {
  it('leaves the account after the last valid event, ready for further use', () => {
    const held = mutableCopy(emptyAccount());
    const error = errorOf(() =>
      applyAll(held, [assessed('f1', '10.00'), waived, waived, assessed('f2', '1.00')]),
    );
    expect(error.details).toMatchObject({ position: 3, fault: 'IdUsedTwice' });
    expect(held).toStrictEqual(fold([assessed('f1', '10.00'), waived]));
    applyAll(held, [assessed('f2', '1.00')]);
    expect(held.eventCount).toBe(3);
  });
});
