import { describe, expect, it } from 'vitest';
import type { Credit } from '../../src/account/credit.js';
import { decide } from '../../src/account/decide.js';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { evolve } from '../../src/account/evolve.js';
import { fold } from '../../src/account/fold.js';
import {
  assertAccount,
  balancesInMinorUnits,
  copyOfRow,
  creditStatus,
  emptyAccount,
  extended,
  findCredit,
  findFee,
  findPayment,
  findTransfer,
  NO_ENTRIES,
  payableFees,
  positionOf,
  type RowKind,
  readingAccount,
  rowKinds,
  rowsOf,
} from '../../src/account/patronAccount.js';
import { PatronFeesError } from '../../src/errors.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { finesAndFees } from '../../src/views/index.js';
import {
  accountOf,
  assessed,
  errorOf,
  event,
  lost,
  paid,
  prepaid,
  reversedByCredit,
  transferred,
} from '../support/events.js';
import { strangeIds } from '../support/hostile.js';
import { history } from '../support/wholeHistory.js';

const setOff = event('LostItemCreditIssued', {
  creditId: 'c1',
  feeId: 'f1',
  amount: '4.00',
  cause: 'waived',
  purpose: 'setOff',
});
const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
const creditTransferred = (amount: string, expectsSettlement = true) =>
  event('CreditTransferred', { transferId: 't2', creditId: 'c1', amount, expectsSettlement });

describe('emptyAccount', () => {
  it('returns a new account each time', () => {
    expect(emptyAccount()).toEqual(emptyAccount());
    expect(emptyAccount()).not.toBe(emptyAccount());
    expect(emptyAccount().ids).not.toBe(emptyAccount().ids);
  });

  it('has lists that cannot be changed', () => {
    expect(() => (emptyAccount().fees as unknown[]).push({})).toThrow(TypeError);
  });
});

describe('finding a row by its id', () => {
  const account = accountOf(
    assessed('f1', '10.00'),
    prepaid('p1', 'c1', '5.00'),
    transferred('t1', 'f1', '1.00'),
  );

  it('returns existing rows', () => {
    expect(findFee(account, 'f1')).toBe(account.fees[0]);
    expect(findCredit(account, 'c1')).toBe(account.credits[0]);
    expect(findPayment(account, 'p1')).toBe(account.payments[0]);
    expect(findTransfer(account, 't1')).toBe(account.transfers[0]);
    expect(positionOf(account, 'fee', 'f1')).toBe(0);
  });

  it('returns undefined for a row of another kind', () => {
    const found = [
      findFee(account, 'c1'),
      findCredit(account, 'p1'),
      findPayment(account, 't1'),
      findTransfer(account, 'f1'),
    ];
    expect(found).toEqual([undefined, undefined, undefined, undefined]);
    expect(positionOf(account, 'credit', 'f1')).toBe(-1);
  });

  it.each(strangeIds)('returns undefined for %j in an account without that id', (id) => {
    for (const form of [account, JSON.parse(JSON.stringify(account))]) {
      const found = [findFee(form, id), findCredit(form, id), findPayment(form, id), findTransfer(form, id)];
      expect(found).toEqual([undefined, undefined, undefined, undefined]);
    }
  });
});

describe('creditStatus', () => {
  const statusAfter = (...history: AccountEvent[]) => {
    const account = accountOf(...history);
    return creditStatus(account, findCredit(account, 'c1') as Credit);
  };

  it('is active while something is unused, whatever is pending', () => {
    expect(statusAfter(prepaid('p1', 'c1', '5.00'))).toBe('active');
    expect(statusAfter(prepaid('p1', 'c1', '5.00'), creditTransferred('4.99'))).toBe('active');
    expect(statusAfter(lost('f1', '10.00'), setOff)).toBe('active');
  });

  it('is disputed for a set-off credit of a disputed fee, and for no other credit', () => {
    expect(statusAfter(lost('f1', '10.00'), setOff, disputed)).toBe('disputed');
    const transfer = transferred('t1', 'f1', '5.00');
    expect(
      statusAfter(assessed('f1', '10.00'), transfer, reversedByCredit('c1', 'f1', '5.00'), disputed),
    ).toBe('active');
    expect(statusAfter(assessed('f1', '10.00'), prepaid('p1', 'c1', '5.00'), disputed)).toBe('active');
  });

  it('is transferred while a settlement is pending, and closed after that', () => {
    const settled = event('TransferSettled', { settlementId: 's1', transferId: 't2', amount: '5.00' });
    expect(statusAfter(prepaid('p1', 'c1', '5.00'), creditTransferred('5.00'))).toBe('transferred');
    expect(statusAfter(prepaid('p1', 'c1', '5.00'), creditTransferred('5.00'), settled)).toBe('closed');
    expect(statusAfter(prepaid('p1', 'c1', '5.00'), creditTransferred('5.00', false))).toBe('closed');
  });

  it('is active for a set-off credit without a given fee', () => {
    const account = accountOf(lost('f1', '10.00'), setOff, disputed);
    const [credit] = account.credits as [Credit];
    expect(creditStatus(account, { ...credit, feeId: null })).toBe('active');
    expect(creditStatus(account, { ...credit, feeId: 'f9' })).toBe('active');
  });
});

describe('balances', () => {
  it('are all zero in an empty account', () => {
    expect(balancesInMinorUnits(emptyAccount())).toEqual({
      active: 0,
      disputed: 0,
      transferred: 0,
      payable: 0,
      owed: 0,
    });
  });

  it('keep active, disputed and transferred apart, and deduct unused credits', () => {
    const account = accountOf(
      lost('f1', '10.00'),
      setOff,
      disputed,
      assessed('f2', '20.00'),
      transferred('t1', 'f2', '3.00'),
      lost('f3', '8.00'),
      event('LostItemCreditIssued', {
        creditId: 'c3',
        feeId: 'f3',
        amount: '2.00',
        cause: 'waived',
        purpose: 'setOff',
      }),
      prepaid('p1', 'c4', '5.00'),
      event('CreditTransferred', {
        transferId: 't4',
        creditId: 'c4',
        amount: '1.00',
        expectsSettlement: true,
      }),
    );
    expect(balancesInMinorUnits(account)).toEqual({
      active: 1700 + 800 - 200 - 400,
      disputed: 1000 - 400,
      transferred: 300 - 100,
      payable: 1700 + 600,
      owed: 1700 + 600 + 600,
    });
  });
});

describe('payableFees', () => {
  it('returns the undisputed fees with an owed amount, oldest first', () => {
    const account = accountOf(
      assessed('f9', '1.00'),
      assessed('f1', '1.00'),
      assessed('f2', '1.00'),
      lost('f3', '1.00'),
      assessed('f0', '1.00'),
      disputed,
      paid('p1', 'f2', '1.00'),
      event('LostItemCreditIssued', {
        creditId: 'c3',
        feeId: 'f3',
        amount: '1.00',
        cause: 'waived',
        purpose: 'setOff',
      }),
    );
    expect(payableFees(account).map(({ feeId }) => feeId)).toEqual(['f9', 'f0']);
  });
});

describe('rows', () => {
  const kinds = Object.keys(rowKinds) as RowKind[];

  const settled = [
    lost('rows-f', '10.00'),
    transferred('rows-t', 'rows-f', '2.00'),
    event('TransferSettled', { settlementId: 'rows-s', transferId: 'rows-t', amount: '1.00' }),
  ];
  const account = fold(settled, fold(history));

  describe('rowKinds', () => {
    it('has every list of an account except the ids', () => {
      const lists = Object.entries(emptyAccount()).filter(([, value]) => Array.isArray(value));
      expect(kinds.map((kind) => rowKinds[kind].list as string).concat('ids')).toEqual(
        lists.map(([name]) => name),
      );
    });

    it.each(kinds)('has the list, the id field and the copy of a %s', (kind) => {
      const [row] = rowsOf(account, kind);
      expect(Object.keys(row ?? {})[0]).toBe(rowKinds[kind].idField);
      const copy = copyOfRow(kind, row as never);
      expect(copy).toStrictEqual(row);
      expect(copy).not.toBe(row);
    });
  });
});

describe('extended', () => {
  it('adds entries in order, however many there are', () => {
    let list: number[] = NO_ENTRIES;
    for (let entry = 0; entry < 40; entry++) {
      list = extended(list, entry);
      expect(list).toEqual(Array.from({ length: entry + 1 }, (_, index) => index));
    }
  });

  it('replaces a list of fewer than four entries, and adds to a longer one in place', () => {
    const isSame = [0, 1, 2, 3, 4, 5].map((length) => {
      const list = Array.from({ length }, () => 7);
      return extended(list, 8) === list;
    });
    expect(isSame).toEqual([false, false, false, false, true, true]);
  });

  it('leaves the shared empty list empty', () => {
    extended<number>(NO_ENTRIES, 1);
    expect(NO_ENTRIES).toEqual([]);
    expect(() => (NO_ENTRIES as unknown[]).push(1)).toThrow(TypeError);
  });
});

describe('safeAccount', () => {
  const account = accountOf(assessed('f1', '10.00'), prepaid('p1', 'c1', '5.00'));

  describe('assertAccount', () => {
    it.each([
      ['an empty account', emptyAccount()],
      ['an account', account],
      ['an account that went through JSON', JSON.parse(JSON.stringify(account))],
      ['a frozen account', Object.freeze(structuredClone(account))],
    ])('accepts %s', (_name, input) => {
      expect(() => assertAccount(input)).not.toThrow();
    });

    it('refuses an account without any one of its parts', () => {
      for (const part of Object.keys(emptyAccount())) {
        if (['currency', 'minorDigits', 'turnover', 'mergedInto'].includes(part)) continue;
        for (const instead of [undefined, null, 'text', 1.5]) {
          const error = errorOf(() => assertAccount({ ...account, [part]: instead }));
          expect(error.code).toBe('INVALID_ACCOUNT');
          expect(error.message).toBe(
            'INVALID_ACCOUNT: expected a patron account, made by fold or emptyAccount',
          );
        }
      }
    });

    it.each([[null], [undefined], [17], ['account'], [[]], [{}], [new Map()], [() => account]])(
      'refuses %s',
      (input) => {
        expect(errorOf(() => assertAccount(input as never)).code).toBe('INVALID_ACCOUNT');
      },
    );
  });

  describe('the error about something that is not an account', () => {
    const problem = 'INVALID_ACCOUNT: expected a patron account, made by fold or emptyAccount';
    const policy = definePolicy({ currency: 'USD' });
    const command = { type: 'DisputeFee', id: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z' } as const;

    it.each([
      ['a promise', Promise.resolve(account), ', found a Promise: await it'],
      ['a text', 'Anna Miller', ', found a string'],
      ['null', null, ', found null'],
      ['an object', {}, ''],
    ])('says that %s was found', (_name, input, found) => {
      expect(errorOf(() => decide(command, input as never, policy)).message).toBe(problem + found);
      expect(errorOf(() => fold([], input as never)).message).toBe(problem + found);
      expect(errorOf(() => finesAndFees(input as never, policy)).message).toBe(problem + found);
      const event = assessed('f1', '10.00');
      expect(errorOf(() => evolve(input as never, event)).message).toBe(problem + found);
    });
  });

  describe('readingAccount', () => {
    it('returns the value that was read', () => {
      expect(readingAccount(account, () => account.fees.length)).toBe(1);
    });

    it('rethrows errors of this library unchanged', () => {
      const error = new PatronFeesError('NOT_FOUND', 'no fee f1');
      expect(
        errorOf(() =>
          readingAccount(account, () => {
            throw error;
          }),
        ),
      ).toBe(error);
    });

    it('reports any other failure as INVALID_ACCOUNT', () => {
      const { proxy, revoke } = Proxy.revocable(account, {});
      revoke();
      expect(errorOf(() => readingAccount(proxy, () => proxy.fees)).code).toBe('INVALID_ACCOUNT');
    });
  });
});
