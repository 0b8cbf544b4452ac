import { expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { executeBank, loadBankAccount, officeEvents } from '../../../src/office/index.js';
import { policy, policyWith } from '../../support/account.js';
import { at, cash, confirm, depositFromSafe, reverse } from './banks.js';

const giro = { institution: 'north', bank: 'GIRO' };

it('appends what is decided, once, and reads it again', async () => {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const give = (command: Parameters<typeof executeBank>[3]) => executeBank(office, policy, giro, command);
  const given = await Promise.all([1, 2, 3, 4].map((n) => give(depositFromSafe(`d${n % 2}`, '5'))));
  expect(given.map(({ decision }) => decision.accepted)).toEqual([true, true, true, true]);
  const account = await loadBankAccount(office, giro);
  expect([...account.records.keys()].sort()).toEqual(['d0', 'd1']);
  expect((await give(reverse('u', 'nothing'))).decision.accepted).toBe(false);
  expect((await loadBankAccount(office, { ...giro, bank: 'OTHER' })).eventCount).toBe(0);
  await expect(loadBankAccount(office, { ...giro, bank: '' })).rejects.toThrow('id.bank');
});

it('requires a time near the present, if the policy says so', async () => {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const prompt = policyWith({ backdating: { days: 7 } });
  const give = (time: string) =>
    executeBank(office, prompt, giro, { ...depositFromSafe('d1', '5'), at: time }, { now: at });
  expect((await give('2062-03-05T09:00:00Z')).decision).toMatchObject({ rejection: { type: 'InTheFuture' } });
  expect((await give(at)).decision.accepted).toBe(true);
});

it('confirms an item at one account only, and says where it was confirmed', async () => {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const give = (bank: string, command: Parameters<typeof executeBank>[3]) =>
    executeBank(office, policy, { institution: 'north', bank }, command);
  await give('GIRO', confirm('c1', '62', cash()));
  expect((await give('SAVINGS', confirm('c2', '62', cash()))).decision).toEqual({
    accepted: false,
    events: [],
    rejection: {
      type: 'BankItemAlreadyConfirmed',
      kind: 'conflict',
      bank: 'GIRO',
      confirmationId: 'c1',
    },
  });
  // Of another institution, it is another till.
  const south = { institution: 'south', bank: 'SAVINGS' };
  expect((await executeBank(office, policy, south, confirm('c2', '62', cash()))).decision.accepted).toBe(
    true,
  );
  await give('GIRO', reverse('u1', 'c1'));
  expect((await give('SAVINGS', confirm('c2', '62', cash()))).decision.accepted).toBe(true);
  expect((await give('GIRO', confirm('c3', '62', cash()))).decision).toMatchObject({
    rejection: { bank: 'SAVINGS', confirmationId: 'c2' },
  });
  // The ids of deposits from the safe are those of the account.
  const safe = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '5.00' } as const;
  for (const bank of ['GIRO', 'SAVINGS']) {
    await give(bank, depositFromSafe('d1', '5'));
    expect((await give(bank, confirm('c5', '5', safe))).decision.accepted).toBe(true);
  }
  // A repeat does not depend on what else is recorded.
  await office.append({ institution: 'north', stream: 'bank:BROKEN' }, [broken], { expectedVersion: 0 });
  expect((await give('SAVINGS', confirm('c2', '62', cash()))).decision).toEqual({
    accepted: true,
    events: [],
  });
  await expect(give('SAVINGS', confirm('c6', '5', cash('5.00')))).rejects.toThrow('bank:BROKEN');
});

const broken = {
  type: 'BankRecordReversed',
  data: {
    reversalId: 'u',
    recordId: 'd',
    currency: 'USD',
    amount: '5.00',
    at,
    by: { channel: 'desk', userId: 'f' },
  },
  metadata: { commandId: 'u', commandDigest: 'x' },
} as const;

it('names the stream of a corrupt history', async () => {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const stream = { institution: 'north', stream: 'bank:GIRO' };
  await office.append(stream, [broken], { expectedVersion: 0 });
  await expect(loadBankAccount(office, giro)).rejects.toThrow('bank:GIRO');
});
