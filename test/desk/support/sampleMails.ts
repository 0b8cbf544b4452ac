import { type Command, definePolicy, type FeePolicy, noticeKinds, withLabels } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import { type Notice, noticeHtml, noticesOf } from 'patron-fees/jobs';
import { issueReceipt, officeEvents, receiptHtml, reprintReceipt } from 'patron-fees/office';
import { accountStatement, statementHtml } from 'patron-fees/reports';
import { activityReport, activityReportHtml } from 'patron-fees/views';
import { german } from 'patron-fees/words';
import { arabicLabels, arabicNotice, arabicReceipt, arabicReport, arabicStatement } from './arabicWords.js';

/** A document that a person receives, and whether its picture is in the guides. */
export type SampleMail = { readonly html: string; readonly picture?: boolean };

const at = '2026-03-02T14:00:00Z';
const patron = { institution: 'north', patronId: 'dverma' };
const policyIn = (language: string) =>
  definePolicy({
    currency: 'USD',
    overpayment: 'credit',
    feeTypes: {
      OVERDUEFINE: { label: 'Overdue fine' },
      LOSTITEMREPLACEMENTFEE: { label: 'Lost item replacement fee', lostItem: true, refundPercent: 100 },
      COPIES: { label: 'Copies', vatPercent: 19 },
    },
    blockLimits: { '*': [{ amount: '100.00' }] },
    notices: { from: '2026-03-01T00:00:00Z', languages: [language], rules: [{ kinds: noticeKinds }] },
  });
const policy = policyIn('en');
const inArabic = withLabels(policyIn('ar'), arabicLabels);
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

const lostFee = { ...fee, feeType: 'LOSTITEMREPLACEMENTFEE', loanId: 'l5' } as const;
const growing = { type: 'AccrueFine', feeId: 'f6', loanId: 'l6', at } as const;
/** Commands to another patron that give a notice of each kind. */
const everything: readonly (readonly Command[])[] = [
  [{ ...fee, id: 'f1', feeType: 'OVERDUEFINE', amount: '8.50', item: item('Middlemarch', '31858004511234') }],
  [{ ...growing, id: 'a1', feeType: 'OVERDUEFINE', owner: 'MAIN', total: '3.50', ends: 'returned' }],
  [{ ...lostFee, id: 'f5', amount: '120', item: item('Songs without words', '31858004513333') }],
  [{ type: 'ReceivePayment', id: 'p1', amount: '30', method: 'CASH', feeIds: ['f1', 'f5'], at }],
  [{ type: 'ReversePayment', id: 'r1', paymentId: 'p1', amount: '8.50', at }],
  [{ type: 'ReturnLostItem', id: 'r2', loanId: 'l5', at }],
  [{ type: 'RefundCredit', id: 'x1', creditId: 'r2#2', amount: '10', method: 'CASH', at }],
  [{ type: 'ReverseRefund', id: 'x2', refundId: 'x1', at }],
  [{ ...fee, id: 'f2', feeType: 'COPIES', amount: '11.90' }],
  [{ type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f2', amount: '1.90' }], reason: 'OTHER', at }],
  [{ type: 'DisputeFee', id: 'd1', feeId: 'f2', at }],
  [
    {
      type: 'ResolveDispute',
      id: 'd2',
      feeId: 'f2',
      outcome: 'patronUpheld',
      remedy: 'waive',
      reason: 'OTHER',
      at,
    },
  ],
  [{ ...fee, id: 'f3', feeType: 'COPIES', amount: '5' }],
  [{ type: 'CancelFee', id: 'c1', feeId: 'f3', at }],
  [{ ...fee, id: 'f4', feeType: 'OVERDUEFINE', amount: '36' }],
  [{ type: 'TransferFees', id: 't1', fees: [{ feeId: 'f4' }], at }],
  [
    {
      ...fee,
      id: 'f7',
      feeType: 'OVERDUEFINE',
      amount: '140',
      item: item('Rivers of the north', '31858001'),
    },
  ],
  [
    {
      ...{ type: 'AgreePaymentPlan', id: 'n1', feeIds: ['f7'], at },
      instalments: [
        { dueOn: '2026-04-01', amount: '70' },
        { dueOn: '2026-05-01', amount: '70' },
      ],
    },
  ],
];

/** Returns a notice of each kind. */
export async function sampleNotices(rules = policy, language = 'en'): Promise<readonly Notice[]> {
  let second = 0;
  const store = memoryEventStore({ now: () => `2026-03-02T14:00:${String(second).padStart(2, '0')}Z` });
  const reader = { ...patron, patronId: 'mverma' };
  for (const commands of everything) {
    second += 1;
    const { decision } = await execute(store, policy, reader, commands);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  }
  const { events } = await store.read(reader);
  const notices = noticesOf(events, rules, { ...reader, group: 'STUDENT', on: '2026-04-02', language });
  return noticeKinds.map((kind) => {
    const notice = notices.find((one) => one.kind === kind);
    if (notice === undefined) throw new Error(`no notice of the kind ${kind}`);
    return notice;
  });
}

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
  const reportIn = (rules: FeePolicy) =>
    activityReport(account, rules, {
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
  const report = reportIn(policy);
  const { events } = await accounts.read(patron);
  const statement = accountStatement(events, policy, { patron: who });
  const english = { locale: 'en-US', timeZone: 'America/New_York' };
  const inGerman = { locale: 'de-AT', timeZone: 'Europe/Vienna' };
  const arabic = { locale: 'ar-EG', timeZone: 'Asia/Amman' };
  const issuer = ['North Library', '1 Library Square'];
  const notices = (await sampleNotices()).map(
    (notice) =>
      [
        `notice-${notice.kind}`,
        { html: noticeHtml(notice, { ...english, issuer: ['North Library'] }) },
      ] as const,
  );
  const rightToLeft = (await sampleNotices(inArabic, 'ar')).map(
    (notice) =>
      [
        `arabic-${notice.kind}`,
        {
          html: noticeHtml(notice, {
            ...{ ...arabic, words: arabicNotice, issuer: ['مكتبة الشمال'], patron: 'ليلى حداد' },
          }),
        },
      ] as const,
  );
  return {
    ...Object.fromEntries(notices),
    ...Object.fromEntries(
      rightToLeft.filter(([name]) => ['arabic-paid', 'arabic-returned', 'arabic-planAgreed'].includes(name)),
    ),
    'activity-report': { html: activityReportHtml(report, english), picture: true },
    'activity-report-de': { html: activityReportHtml(report, { ...inGerman, words: german.activityReport }) },
    'activity-report-ar': {
      html: activityReportHtml(reportIn(inArabic), { ...arabic, words: arabicReport }),
    },
    receipt: { html: receiptHtml(receipt, { ...english, issuer, patron: who.name }) },
    'receipt-ar': {
      html: receiptHtml(await reprintReceipt({ accounts, office }, inArabic, subject), {
        ...{
          ...arabic,
          words: arabicReceipt,
          issuer: ['مكتبة الشمال', '1 Library Square'],
          patron: 'ليلى حداد',
        },
      }),
      picture: true,
    },
    statement: { html: statementHtml(statement, english) },
    'statement-de': { html: statementHtml(statement, { ...inGerman, words: german.statement }) },
    'statement-ar': {
      html: statementHtml(accountStatement(events, inArabic, { patron: { ...who, name: 'ليلى حداد' } }), {
        ...{ ...arabic, words: arabicStatement },
      }),
    },
  };
}
