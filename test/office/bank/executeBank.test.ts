import { expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { executeBank, loadBankAccount, officeEvents } from '../../../src/institution/index.js';
import { policy, policyWith } from '../../support/account.js';
import { at, depositFromSafe, reverse } from './banks.js';

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

it('records what is near the present time, if the policy says so', async () => {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const prompt = policyWith({ backdating: { days: 7 } });
  const give = (time: string) =>
    executeBank(office, prompt, giro, { ...depositFromSafe('d1', '5'), at: time }, { now: at });
  expect((await give('2062-03-05T09:00:00Z')).decision).toMatchObject({ rejection: { type: 'InTheFuture' } });
  expect((await give(at)).decision.accepted).toBe(true);
});

it('names the stream of a corrupt history', async () => {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const stream = { institution: 'north', stream: 'bank:GIRO' };
  const reversed = {
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
  await office.append(stream, [reversed], { expectedVersion: 0 });
  await expect(loadBankAccount(office, giro)).rejects.toThrow('bank:GIRO');
});
