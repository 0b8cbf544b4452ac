import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { officeLogs } from '../../../scripts/goldenOffice.js';
import { isPosted } from '../../../src/books/journal/officePostings.js';
import { executeRemittance, type RemittanceCommand } from '../../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import type { Command } from '../../../src/index.js';
import {
  bankPostings,
  journalText,
  officePostings,
  remittancePostings,
  tillPostings,
} from '../../../src/jobs/reports/index.js';
import {
  type BankCommand,
  type BankEvent,
  type BankItem,
  officeEvents,
  type TillCommand,
  type TillEvent,
} from '../../../src/office/index.js';
import {
  bankAfter,
  book,
  cash,
  confirm,
  depositFromSafe,
  end,
  part,
  reverse,
} from '../../office/bank/banks.js';
import { policy, received, remittanceEvents, undone } from '../../office/remittances/remittances.js';
import { close, move, open, tillEvents } from '../../office/till/tills.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';

const logs = Object.values(officeLogs).map(({ stream, events }) => ({
  stream: { institution: 'north', stream },
  events,
}));

it('posts an event of each golden log, and each event sums to zero', () => {
  const kinds = new Set<string>();
  for (const { stream, events } of logs) {
    const postings = officePostings(stream, events);
    expect(postings).toHaveLength(events.length);
    for (const { postings: one } of postings)
      expect(one.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    const isMoved = postings.some((one) => one.postings.length > 0);
    if (isMoved) kinds.add(stream.stream.split(':')[0] as string);
    if (!isPosted(stream)) expect(isMoved).toBe(false);
  }
  expect([...kinds].sort()).toEqual(['bank', 'online', 'onlineKept', 'remittances', 'till']);
});

it('has the desk of a till, and the name of a bank account', () => {
  const [till] = logs.filter(({ stream }) => stream.stream.startsWith('till:'));
  const [bank] = logs.filter(({ stream }) => stream.stream.startsWith('bank:'));
  if (till === undefined || bank === undefined) throw new Error('no log');
  expect(officePostings(till.stream, till.events)).toEqual(tillPostings(till.events as readonly TillEvent[]));
  const renamed = { institution: 'north', stream: 'bank:OTHER' };
  expect(officePostings(renamed, bank.events).map(({ postings }) => postings)).toEqual(
    bankPostings('OTHER', bank.events as readonly BankEvent[]),
  );
});

describe('tillPostings', () => {
  const posted = (...commands: readonly TillCommand[]) =>
    tillPostings(tillEvents(...commands)).map(({ postings }) =>
      postings.map(({ account, amountMinor }) => `${account.join(':')} ${amountMinor}`),
    );

  describe('the postings of a till', () => {
    it('move the float out of the safe, and drops back into it', () => {
      expect(posted(open(), move('m', 'in', '5.00'), move('n', 'out', '30.00'))).toEqual([
        ['cash:CASH 5000', 'safe -5000'],
        ['cash:CASH 500', 'safe -500'],
        ['cash:CASH -3000', 'safe 3000'],
      ]);
      expect(posted(open('s', '0.00'))).toEqual([[]]);
    });

    it('move the deposit, the float that is kept and the shortage out of the drawer', () => {
      expect(posted(open(), close('c', '12.50', '62.00')).at(-1)).toEqual([
        'cash:CASH -6250',
        'overShort:CASH 50',
        'deposited:CASH 1200',
        'safe 5000',
      ]);
    });

    it('cover every method, with surplus money as a negative expense', () => {
      const closing = {
        ...close('c', '-10.00', '40.00'),
        takings: [
          { method: 'CASH', amount: '-10.00' },
          { method: 'CHECK', amount: '20.00' },
        ],
        counts: [
          { method: 'CASH', amount: '40.00' },
          { method: 'CHECK', amount: '21.00' },
        ],
        deposits: [{ method: 'CHECK', amount: '20.50' }],
      };
      expect(posted(open(), closing).at(-1)).toEqual([
        'cash:CASH -4000',
        'cash:CHECK -2000',
        'overShort:CHECK -100',
        'deposited:CHECK 2050',
        'safe 4050',
      ]);
    });

    it('have the desk at which the till was opened, even if somebody else counts it', () => {
      const counted = { ...close('c', '0.00', '50.00'), by: { channel: 'desk', userId: 'boss' } } as const;
      expect(tillPostings(tillEvents(open(), counted)).map(({ desk }) => desk)).toEqual(['CIRC', 'CIRC']);
    });

    it('are not computed from a corrupt till', () => {
      expect(() => tillPostings(tillEvents(open(), close('c', '1.00', '51.00')).slice(1))).toThrow(
        'CORRUPT_HISTORY',
      );
    });
  });
});

describe('remittancePostings', () => {
  const posted = (...commands: readonly RemittanceCommand[]) =>
    remittancePostings(remittanceEvents(...commands)).map((postings) =>
      postings.map(({ account, amountMinor }) => `${account.join(':')} ${amountMinor}`),
    );

  describe('the postings of remittances', () => {
    it('are booked against the settled amount and the surplus', () => {
      expect(posted(received('r1', '80', { commission: '20', surplus: '1.45' }), undone('u1', 'r1'))).toEqual(
        [
          [
            'remitted:BURSAR 8000',
            'commission:BURSAR 2000',
            'settled:BURSAR -9855',
            'settlementSurplus -145',
          ],
          [
            'remitted:BURSAR -8000',
            'commission:BURSAR -2000',
            'settled:BURSAR 9855',
            'settlementSurplus 145',
          ],
        ],
      );
    });

    it('have opposite signs for money paid out, and no destination for a system without a name', () => {
      const { destination: _, ...unnamed } = received('r1', '80', { direction: 'paid' });
      expect(posted(unnamed)).toEqual([['remitted -8000', 'settled 8000']]);
    });

    it('are not computed from corrupt events', () => {
      expect(() =>
        remittancePostings(remittanceEvents(received('r1', '1'), undone('u', 'r1')).slice(1)),
      ).toThrow('CORRUPT_HISTORY');
    });
  });

  const at = '2026-03-02T09:00:00Z';
  const patron = { institution: 'north', patronId: 'p' };
  const cents = fc.integer({ min: 1, max: 30_000 });
  const written = (minor: number) => (minor / 100).toFixed(2);

  async function balancesOf(stores: {
    readonly accounts: ReturnType<typeof memoryEventStore>;
    readonly office: never;
  }): Promise<ReadonlyMap<string, string>> {
    const form = { institution: 'north', timeZone: 'UTC', format: 'hledger' } as const;
    const pieces = journalText(stores, policy, form);
    let end = await pieces.next();
    while (end.done !== true) end = await pieces.next();
    expect(end.value.findings.count).toBe(0);
    return new Map(end.value.balances.map(({ name, amount }) => [name, amount]));
  }

  describe('a journal with remittances', () => {
    it(
      'has no balance at the bursar once everything paid there is handed over',
      async () => {
        const batch = fc.record({
          amount: cents,
          paid: cents,
          isReversed: fc.boolean(),
          commission: fc.nat(100),
        });
        await fc.assert(
          fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), async (batches) => {
            const now = () => at;
            const accounts = memoryEventStore({ now });
            const office = memoryEventStore({ now, codec: officeEvents });
            const run = (command: object) => execute(accounts, policy, patron, { at, ...command } as Command);
            let [settled, surplus] = [0, 0];
            for (const [n, { amount, paid, isReversed }] of batches.entries()) {
              const fee = { type: 'AssessFee', id: `f${n}`, feeType: 'OTHER', owner: 'MAIN' };
              await run({ ...fee, amount: written(amount) });
              const what = { fees: [{ feeId: `f${n}` }], destination: 'BURSAR', expectsSettlement: true };
              await run({ type: 'TransferFees', id: `t${n}`, ...what });
              await run({ type: 'SettleTransfer', id: `s${n}`, transferId: `t${n}`, amount: written(paid) });
              if (isReversed) await run({ type: 'ReverseSettlement', id: `u${n}`, settlementId: `s${n}` });
              else {
                settled += Math.min(amount, paid);
                surplus += Math.max(0, paid - amount);
              }
            }
            const kept = Math.min(batches[0]?.commission ?? 0, settled + surplus - 1);
            if (settled + surplus > 0) {
              const money = received('r', written(settled + surplus - kept), {
                ...(kept > 0 && { commission: written(kept) }),
                ...(surplus > 0 && { surplus: written(surplus) }),
              });
              const { decision } = await executeRemittance(office, policy, { institution: 'north' }, money);
              expect(decision.accepted).toBe(true);
            }
            const balances = await balancesOf({ accounts, office: office as never });
            expect(balances.get('Assets:Settled:BURSAR') ?? '0.00').toBe('0.00');
            expect(balances.get('Assets:SettlementSurplus') ?? '0.00').toBe('0.00');
            expect(balances.get('Assets:Remitted:BURSAR') ?? '0.00').toBe(
              settled + surplus > 0 ? written(settled + surplus - kept) : '0.00',
            );
            if (settled + surplus === 0) return;
            await executeRemittance(office, policy, { institution: 'north' }, undone('undo', 'r'));
            const before = await balancesOf({ accounts, office: office as never });
            expect(before.get('Assets:Settled:BURSAR') ?? '0.00').toBe(written(settled));
          }),
          seeded('remittances in the journal'),
        );
      },
      LAW_TIMEOUT_MS,
    );
  });
});

describe('bankPostings', () => {
  const posted = (...commands: readonly BankCommand[]) =>
    bankPostings('GIRO', bankAfter(...commands).events).map((postings) =>
      postings.map(({ account, amountMinor }) => `${account.join(':')} ${amountMinor}`),
    );
  const cheque: BankItem = {
    kind: 'returned',
    patronId: 'p',
    reversalId: 'r',
    method: 'CHECK',
    amount: '-20',
  };
  const wire: BankItem = { kind: 'remittance', remittanceId: 'r1', destination: 'BURSAR', amount: '400' };

  describe('the postings of a bank account', () => {
    it('move money from the account in which it waits to the account of the bank', () => {
      const safe: BankItem = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '300' };
      expect(
        posted(
          depositFromSafe('d1', '300'),
          confirm('c1', '362', cash(), safe),
          confirm('c2', '-20', cheque),
          confirm('c3', '400', wire),
          confirm('c5', '11.6', { kind: 'payout', method: 'ONLINE', payoutId: 'po_1', amount: '11.6' }),
          confirm('c4', '-5', { kind: 'remittance', remittanceId: 'r2', amount: '-5' }),
        ),
      ).toEqual([
        ['deposited:CASH 30000', 'safe -30000'],
        ['bank:GIRO 36200', 'deposited:CASH -6200', 'deposited:CASH -30000'],
        ['bank:GIRO -2000', 'cash:CHECK 2000'],
        ['bank:GIRO 40000', 'remitted:BURSAR -40000'],
        ['bank:GIRO 1160', 'paidOut:ONLINE -1160'],
        ['bank:GIRO -500', 'remitted 500'],
      ]);
    });

    it('book a difference as over and short, or as charges of the bank', () => {
      expect(
        posted(
          { ...confirm('c1', '61.5', cash()), difference: { kind: 'overShort', amount: '-0.5' } },
          { ...confirm('c2', '-25', cheque), difference: { kind: 'charges', amount: '-5' } },
          { ...confirm('c3', '399', wire), difference: { kind: 'overShort', amount: '-1' } },
        ),
      ).toEqual([
        ['bank:GIRO 6150', 'deposited:CASH -6200', 'overShort:CASH 50'],
        ['bank:GIRO -2500', 'cash:CHECK 2000', 'bankCharges:GIRO 500'],
        ['bank:GIRO 39900', 'remitted:BURSAR -40000', 'bankCharges:GIRO 100'],
      ]);
    });

    it('of parts are their amounts; what is ended is over or short, or on an account of its reason', () => {
      expect(
        posted(
          confirm('c1', '40', part('40')),
          confirm('c2', '22', part('22')),
          confirm('c3', '-5', part('-5')),
          end('e1', part('4'), 'FALSE'),
          end('e2', part('1')),
          end('e3', wire),
          end('e4', cheque),
          reverse('u', 'e1'),
          book('b1', '-4.90'),
          book('b2', '1.23', 'FALSE'),
        ),
      ).toEqual([
        ['bank:GIRO 4000', 'deposited:CASH -4000'],
        ['bank:GIRO 2200', 'deposited:CASH -2200'],
        ['bank:GIRO -500', 'deposited:CASH 500'],
        ['bankOther:FALSE 400', 'deposited:CASH -400'],
        ['overShort:CASH 100', 'deposited:CASH -100'],
        ['bankCharges:GIRO 40000', 'remitted:BURSAR -40000'],
        ['overShort:CHECK -2000', 'cash:CHECK 2000'],
        ['bankOther:FALSE -400', 'deposited:CASH 400'],
        ['bank:GIRO -490', 'bankOther:FEE 490'],
        ['bank:GIRO 123', 'bankOther:FALSE -123'],
      ]);
    });

    it('are taken back by a reversal', () => {
      const [, undone] = posted(depositFromSafe('d1', '300'), reverse('u1', 'd1'));
      expect(undone).toEqual(['deposited:CASH -30000', 'safe 30000']);
      expect(() =>
        bankPostings('GIRO', bankAfter(depositFromSafe('d', '1'), reverse('u', 'd')).events.slice(1)),
      ).toThrow('CORRUPT_HISTORY');
    });
  });
});
