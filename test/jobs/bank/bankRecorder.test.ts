import { expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { bankRecorder } from '../../../src/jobs/bank/bankRecorder.js';
import { decideBank, executeBank, loadBankAccount, officeEvents } from '../../../src/office/index.js';
import { at, depositFromSafe } from '../../office/bank/banks.js';
import { policy } from '../../support/account.js';

const id = { institution: 'north', bank: 'GIRO' };

it('records many commands in one append, in their order, and tries again if another writer was first', async () => {
  for (const isRecorded of [true, false]) {
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    const decided: string[] = [];
    let isFirst = true;
    const store = {
      ...office,
      append: async (...given: Parameters<typeof office.append>) => {
        if (isFirst) {
          isFirst = false;
          await executeBank(office, policy, id, depositFromSafe('d0', '1'));
        }
        return office.append(...given);
      },
    };
    const recorder = bankRecorder(
      { office: store, id, isRecorded },
      (amount: string, account) =>
        decideBank(depositFromSafe(`d${account.eventCount}`, amount), account, policy),
      async (amount, { events }) => void decided.push(`${amount}: ${events[0]?.data.currency}`),
    );
    await recorder.record();
    await recorder.add('5');
    await recorder.add('6');
    await recorder.record();
    expect(decided).toEqual(['5: USD', '6: USD']);
    const { records } = await loadBankAccount(office, id);
    expect([...records.keys()]).toEqual(isRecorded ? ['d0', 'd1', 'd2'] : []);
  }
});
