import { executeRemittance } from 'patron-fees/bursar';
import { execute } from 'patron-fees/history';
import { executeBank, executeTill, issueReceipt, reprintReceipt } from 'patron-fees/office';
import { expect } from 'vitest';
import { pay, policyWith } from '../support/account.js';
import { everyStore } from '../support/everyStore.js';
import { itWith } from '../support/programs.js';
import { at, by } from './till/tills.js';

/** An id of the longest length, in UTF-16 units, of characters of one, three and four bytes in UTF-8. */
const longest = (length: number) =>
  ['x', '語', '𝄞'].map((character) => character.repeat(length).slice(0, length));

for (const { name, programs, open, openOffice } of everyStore(() => () => at)) {
  itWith(
    programs,
    `${name}: the longest ids get receipts, tills, remittances and bank accounts`,
    async () => {
      const stores = { accounts: await open(), office: await openOffice() };
      for (const [index, patronId] of longest(200).entries()) {
        const series = longest(190)[index] as string;
        const policy = policyWith({
          overpayment: 'credit',
          destinations: { [patronId]: 'A billing system with a long code' },
        });
        const patron = { institution: patronId, patronId };
        await execute(stores.accounts, policy, patron, pay(series, '5.00'));
        const subject = { ...patron, kind: 'payment', subjectId: series } as const;
        const form = { ...subject, series, at, by };
        expect(await issueReceipt(stores, policy, form)).toMatchObject({
          patronId,
          series,
          number: 1,
          isCopy: false,
        });
        expect(await reprintReceipt(stores, policy, subject)).toMatchObject({ number: 1, isCopy: true });
        const till = await executeTill(
          stores.office,
          policy,
          { institution: patronId, till: series },
          { type: 'OpenTill', id: series, float: '10.00', at, by },
        );
        expect(till.decision.accepted).toBe(true);
        const { decision } = await executeRemittance(
          stores.office,
          policy,
          { institution: patronId },
          {
            type: 'RecordRemittance',
            id: series,
            destination: patronId,
            direction: 'received',
            amount: '1.00',
            at,
            by,
          },
        );
        expect(decision.accepted).toBe(true);
        const deposit = { type: 'DepositFromSafe', id: series, amount: '1.00', at, by } as const;
        const bank = await executeBank(
          stores.office,
          policy,
          { institution: patronId, bank: series },
          deposit,
        );
        expect(bank.decision.accepted).toBe(true);
      }
    },
  );
}
