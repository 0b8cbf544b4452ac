import { type Command, definePolicy } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import {
  accountStatement,
  englishReceiptWords,
  englishStatementWords,
  issueReceipt,
  officeEvents,
  receiptHtml,
  reprintReceipt,
  statementHtml,
} from 'patron-fees/institution';
import { activityReport, activityReportHtml, englishReportWords } from 'patron-fees/views';
import { german } from 'patron-fees/words';

/** A document that a person receives, and whether its picture is in the guides. */
export type SampleMail = { readonly html: string; readonly picture?: boolean };

const at = '2026-03-02T14:00:00Z';
const patron = { institution: 'north', patronId: 'dverma' };
const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  feeTypes: {
    OVERDUEFINE: { label: 'Overdue fine' },
    LOSTITEMREPLACEMENTFEE: { label: 'Lost item replacement fee', lostItem: true, refundPercent: 100 },
    COPIES: { label: 'Copies', vatPercent: 19 },
  },
});
const fee = { type: 'AssessFee', owner: 'MAIN', at } as const;
const item = (title: string, barcode: string) => ({ title, barcode });
const history: readonly Command[] = [
  {
    ...fee,
    ...{ id: 'f1', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '1240', comment: 'Not found on the shelf' },
    item: item('An Inquiry into the Nature and Causes of the Wealth of Nations, volume 2', '31858004512380'),
  },
  { ...fee, id: 'f2', feeType: 'OVERDUEFINE', amount: '8.50', item: item('Middlemarch', '31858004511234') },
  { ...fee, id: 'f3', feeType: 'COPIES', amount: '11.90', owner: 'MUS' },
  { ...fee, id: 'f4', feeType: 'OVERDUEFINE', amount: '36', item: item('رحلة ابن بطوطة', '31858004519999') },
  {
    ...{ type: 'AgreePaymentPlan', id: 'n1', feeIds: ['f4'], at },
    instalments: [
      { dueOn: '2026-04-01', amount: '18' },
      { dueOn: '2026-05-01', amount: '18' },
    ],
  },
  { type: 'ReceivePayment', id: 'p1', amount: '24.40', method: 'CASH', feeIds: ['f2', 'f3'], at },
  { type: 'DisputeFee', id: 'd1', feeId: 'f1', at },
  { type: 'ReversePayment', id: 'r1', paymentId: 'p1', amount: '4', at },
];

/** Returns documents of every kind, in a language that is written from the left and in one from the right. */
export async function sampleMails(): Promise<Readonly<Record<string, SampleMail>>> {
  const accounts = memoryEventStore({ now: () => at });
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const { account, decision } = await execute(accounts, policy, patron, history);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  const subject = { ...patron, kind: 'payment', subjectId: 'p1' } as const;
  await issueReceipt({ accounts, office }, policy, {
    ...{ ...subject, series: '2026', at },
    by: { channel: 'desk', userId: 'ana' },
  });
  const receipt = await reprintReceipt({ accounts, office }, policy, subject);
  const who = { name: 'Dev Verma', barcode: '2000171' };
  const report = activityReport(account, policy, {
    at,
    patron: who,
    loans: [
      {
        title: 'Rivers of the north',
        barcode: '31858001',
        library: 'Main Library',
        dueAt: '2026-02-27T20:00:00Z',
      },
      { title: 'Songs without words', library: 'Music Library', dueAt: '2026-03-30T20:00:00Z' },
    ],
    libraryNames: { MAIN: 'Main Library', MUS: 'Music Library' },
  });
  const { events } = await accounts.read(patron);
  const statement = accountStatement(events, policy, { patron: who });
  const english = { locale: 'en-US', timeZone: 'America/New_York' };
  const inGerman = { locale: 'de-AT', timeZone: 'Europe/Vienna' };
  // Words of no language in particular, which only have the direction.
  const arabic = { locale: 'ar', timeZone: 'Asia/Amman' };
  const rightToLeft = { language: 'ar', direction: 'rtl' } as const;
  const issuer = ['North Library', '1 Library Square'];
  return {
    'activity-report': { html: activityReportHtml(report, english), picture: true },
    'activity-report-de': { html: activityReportHtml(report, { ...inGerman, words: german.activityReport }) },
    'activity-report-ar': {
      html: activityReportHtml(report, { ...arabic, words: { ...englishReportWords, ...rightToLeft } }),
    },
    receipt: { html: receiptHtml(receipt, { ...english, issuer, patron: who.name }), picture: true },
    'receipt-ar': {
      html: receiptHtml(receipt, { ...arabic, issuer, words: { ...englishReceiptWords, ...rightToLeft } }),
    },
    statement: { html: statementHtml(statement, english), picture: true },
    'statement-de': { html: statementHtml(statement, { ...inGerman, words: german.statement }) },
    'statement-ar': {
      html: statementHtml(statement, { ...arabic, words: { ...englishStatementWords, ...rightToLeft } }),
    },
  };
}
