import type { Notice } from '../../src/jobs/index.js';

export const english = { locale: 'en-US', timeZone: 'America/New_York' };
const fee = {
  ...{ feeId: 'f1', feeType: 'LOST', feeTypeLabel: 'Lost item', title: 'Middlemarch', owner: 'MAIN' },
  ...{ amount: '40.00', owed: '30.00' },
};

/** A notice in which every free text is the same. */
export const noticeWith = (text: string, more: Partial<Notice> = {}): Notice => ({
  ...{ noticeId: 'north/u1/paid/2', kind: 'paid', told: ['paid/2'], institution: 'north', patronId: 'u1' },
  ...{
    language: 'en',
    at: '2026-03-02T14:00:00Z',
    on: null,
    currency: 'USD',
    amount: '42.00',
    credited: '1.00',
  },
  fees: [
    { ...fee, title: text, feeTypeLabel: text },
    { ...fee, feeId: 'f2', title: null, amount: '1.00', owed: '0.00' },
  ],
  instalments: [{ dueOn: '2026-04-01', amount: '18.00', open: '8.00' }],
  ...{ methodLabel: text, destinationLabel: text, reasonLabel: text, outcome: 'feeStands', message: text },
  ...{ comment: text, payable: '30.00' },
  ...more,
});
export const bare: Partial<Notice> = {
  ...{
    kind: 'owed',
    at: null,
    on: '2026-03-02',
    amount: null,
    credited: null,
    instalments: [],
    message: null,
  },
  ...{ methodLabel: null, destinationLabel: null, reasonLabel: null, outcome: null, comment: null },
  fees: [{ ...fee, amount: null }],
};
