import { describe, expect, it } from 'vitest';
import { noticeHtml, noticeText } from '../../src/jobs/index.js';
import { plainMail } from '../support/plainMail.js';

import { bare, english, noticeWith } from './sampleNotice.js';

describe('a notice as text and HTML', () => {
  it('shows every field of the notice', () => {
    const options = { ...english, issuer: ['North Library'], patron: 'Dev' };
    expect(noticeText(noticeWith('Middlemarch'), options).replace(/[^\S\n]/g, ' ')).toMatchSnapshot();
    expect(plainMail(noticeHtml(noticeWith('Middlemarch'), options))).toMatchSnapshot();
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
