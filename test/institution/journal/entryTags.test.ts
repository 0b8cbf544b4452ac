import { describe, expect, it } from 'vitest';
import { entryTags } from '../../../src/institution/journal/entryTags.js';
import { journal } from '../../../src/institution/journal/journal.js';
import { assessed, event } from '../../support/events.js';

const [entry] = journal([
  event(
    'PaymentReceived',
    {
      ...{ paymentId: 'p1', amount: '1.00', method: 'CHECK', allocations: [] },
      overpayment: { creditId: 'c1', amount: '1.00' },
      ...{ externalTransactionId: 'x 1', reference: '4711;', comment: 'for Jane', staffNote: 'late' },
    },
    { commandId: 'p1', commandDigest: 'd' },
  ),
]);

describe('the tags of an entry', () => {
  it('have the patron, the position, the command and the external reference', () => {
    expect(entry && entryTags({ ...entry, patronId: 'a,b', day: '2026-03-02' })).toEqual([
      ['patron', 'a%2Cb'],
      ['version', '1'],
      ['event', 'PaymentReceived'],
      ['command', 'p1'],
      ['transaction', 'x%201'],
      ['reference', '4711%3B'],
    ]);
  });

  it('omit what is missing, and all personal comments', () => {
    const item = { title: 'Walden', barcode: '3001' };
    const [fee] = journal([assessed('f1', '1.00', { item, comment: 'found torn', reason: 'OTHER' })]);
    expect(fee && entryTags({ ...fee, patronId: 'p1', day: '2026-03-02' })).toEqual([
      ['patron', 'p1'],
      ['version', '1'],
      ['event', 'FeeAssessed'],
    ]);
  });
});
