import { describe, expect, it } from 'vitest';
import { activityReport, activityReportHtml, activityReportText } from '../../src/views/index.js';
import { runningPlans } from '../../src/views/paymentPlan.js';
import { planParts } from '../../src/views/planParts.js';
import { readerFormat } from '../../src/views/readerFormat.js';
import { accountAfter, ask, assess, at, pay, policy } from '../support/account.js';
import { plainMail } from '../support/plainMail.js';

const account = accountAfter([
  assess('f1', '90.00'),
  ask('AgreePaymentPlan', 'n1', {
    feeIds: ['f1'],
    instalments: [
      { dueOn: '2026-04-01', amount: '30.00' },
      { dueOn: '2026-05-01', amount: '30.00' },
      { dueOn: '2026-06-01', amount: '30.00' },
    ],
  }),
  pay('p1', '40.00'),
]);
const words = { paymentPlan: 'Ratenplan', due: 'fällig', instalment: 'Rate', stillToPay: 'offen' };
const place = { locale: 'de-AT', timeZone: 'Pacific/Kiritimati' };

describe('payment plans in texts', () => {
  it('list the instalments that are not paid, with the agreed day in every time zone', () => {
    const [heading, table] = planParts(runningPlans(account, policy), words, readerFormat('USD', place));
    expect(heading).toEqual({ kind: 'heading', level: 2, text: 'Ratenplan' });
    expect(JSON.parse(JSON.stringify(table).replaceAll('\u00a0', ' '))).toEqual({
      kind: 'table',
      columns: ['fällig', 'Rate', 'offen'],
      rows: [
        { head: '01.05.2026', cells: ['$ 30,00', '$ 20,00'] },
        { head: '01.06.2026', cells: ['$ 30,00', '$ 30,00'] },
      ],
    });
  });

  it('are in the activity report while they run', () => {
    const input = { at, patron: { name: 'Ada' }, loans: [] };
    const report = activityReport(account, policy, input);
    const english = { locale: 'en-US', timeZone: 'America/New_York' };
    const text = activityReportText(report, english);
    expect(text).toContain('\nPayment plan\n- May 1, 2026; Instalment $30.00; Still to pay $20.00\n');
    const html = plainMail(activityReportHtml(report, english));
    expect(html).toContain('<th scope="row">May 1, 2026</th><td>$30.00</td><td>$20.00</td>');
    expect(html).toContain('<h2>Payment plan</h2>\n<table>\n<thead>\n');
    expect(html).toContain(
      '<tr><th scope="col">Due</th><th scope="col">Instalment</th><th scope="col">Still to pay</th></tr>',
    );
    const paid = accountAfter([pay('p2', '50.00')], policy, account);
    expect(activityReport(paid, policy, input).paymentPlans).toEqual([]);
    expect(activityReportText(activityReport(paid, policy, input), english)).not.toContain('Payment plan');
  });
});
