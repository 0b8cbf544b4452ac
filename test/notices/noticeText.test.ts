import { describe, expect, it } from 'vitest';
import { type Notice, noticeHtml, noticeText } from '../../src/jobs/index.js';
import { plainMail } from '../support/plainMail.js';

import { bare, english, noticeWith } from './sampleNotice.js';

describe('a notice as text and HTML', () => {
  it('shows every field of the notice', () => {
    const options = { ...english, issuer: ['North Library'], patron: 'Dev' };
    expect(noticeText(noticeWith('Middlemarch'), options).replace(/[^\S\n]/g, ' ')).toMatchSnapshot();
    expect(plainMail(noticeHtml(noticeWith('Middlemarch'), options))).toMatchSnapshot();
  });

  it('of money adds up: what belongs to no fee has a row', () => {
    const fees = noticeWith('Atlas')
      .fees.slice(0, 1)
      .map((fee) => ({ ...fee, amount: '8.50' }));
    const rowsOf = (more: Partial<Notice>) =>
      noticeText(noticeWith('x', { fees, ...more }), english)
        .split('\n')
        .filter((line) => /Amount|In your favour|Total/.test(line));
    expect(rowsOf({ amount: '20.00', credited: '11.50' })).toEqual([
      '- Atlas: Atlas; Still owed $30.00; Amount $8.50',
      '- In your favour; Amount $11.50',
      'Total: $20.00',
    ]);
    expect(rowsOf({ kind: 'returned', amount: '8.50', credited: '8.50' })).toEqual([
      'In your favour: $8.50',
      '- Atlas: Atlas; Still owed $30.00; Amount $8.50',
    ]);
  });

  it('leaves out the fields that the notice does not have', () => {
    const text = noticeText(noticeWith('x', bare), english);
    expect(text).toBe(
      'What you owe\n\nThese fees are open.\n\nDate: Mar 2, 2026\n\n- Lost item: Middlemarch; Still owed $30.00\n\nTo pay now: $30.00\n',
    );
    const html = plainMail(noticeHtml(noticeWith('x', bare), english));
    expect(html).not.toMatch(/Comment|Payment plan|Amount|Total/);
    const paidBack = noticeWith('x', { ...bare, kind: 'refunded', fees: [], amount: '5.00' });
    expect(noticeText(paidBack, english)).toContain('\nAmount: $5.00\n');
    expect(noticeHtml(paidBack, english)).not.toContain('<thead>');
  });
});
