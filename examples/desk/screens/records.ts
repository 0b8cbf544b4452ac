import { html } from 'hono/html';
import {
  type FeePolicy,
  findCredit,
  findFee,
  findPayment,
  formatAmount,
  isPatronFeesError,
  type PatronAccount,
  type Payment,
} from 'patron-fees';
import { issueReceipt, type NumberedReceipt, reprintReceipt } from 'patron-fees/office';
import { type AccountStatement, accountStatement } from 'patron-fees/reports';
import { receipt, type TransactionLine, transactions } from 'patron-fees/views';
import { desks, libraries, nameIn, place } from '../desk.js';
import { type FieldErrors, fieldError, invalid, periodErrors } from '../fieldErrors.js';
import { csrf, type Html, moment, money } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';
import { feeName, secondId } from '../recordedText.js';
import { staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';
import { mailButton } from './mail.js';
import { undoLink } from './undo.js';

/** The transactions behind a remaining balance; undefined if the patron has no such row. */
export function transactionsScreen(visit: PatronVisit): Html | undefined {
  const { account, request, address } = visit;
  const id = request.req.param('rowId') ?? '';
  if (findFee(account, id) === undefined && findCredit(account, id) === undefined) return undefined;
  const { lines, kind, original, remaining, currency } = transactions(account, request.var.desk.policy, {
    id,
    audience: 'staff',
  });
  const columns = [
    ...named('Date'),
    { name: 'Transaction', head: true },
    ...amounts('Amount', 'Remaining'),
    ...named('By', 'Reason, comment, references'),
  ];
  return html`<p><strong><bdi>${kind === 'fee' ? feeName(visit, id) : 'Credit'}</bdi></strong>: original amount ${money(original, currency)}, remaining balance ${money(remaining, currency)}.</p>
${table(
  `Transactions in ${currency}`,
  columns,
  lines.map((line) => transactionRow(line, visit)),
)}
<p><a href="${address}/fees">Back to the fines and fees</a></p>`;
}

const outcomes: Readonly<Record<string, string>> = {
  ...{
    feeStands: 'the fee stands',
    withdrawn: 'withdrawn by the patron',
    patronUpheld: 'the patron was right',
  },
};

const undoable: ReadonlySet<string> = new Set([
  'payment',
  'waiver',
  'creditIssued',
  'creditApplied',
  'refund',
  'transfer',
  'settlement',
]);

function transactionRow(line: TransactionLine, visit: PatronVisit) {
  const { at, label, methodLabel, amount, remaining, by, reasonLabel, comment, staffNote, references } = line;
  const { reference } = references;
  const { destinations } = visit.request.var.desk.policy;
  const destination =
    references.destination && (destinations[references.destination] ?? references.destination);
  const outcome = references.outcome && outcomes[references.outcome];
  const paymentId = line.kind === 'payment' ? line.id : references.paymentId;
  const notes = [reasonLabel, comment, staffNote && `Staff: ${staffNote}`, destination, reference, outcome];
  const link =
    paymentId !== undefined &&
    html` <a href="${visit.address}/receipts/${encodeURIComponent(paymentId)}">Receipt</a>`;
  const undo = undoable.has(line.kind) && undoLink(visit, line.id, label);
  return [
    moment(at),
    [label, methodLabel].filter(Boolean).join(', '),
    amount,
    remaining,
    by?.userId ? staffName(by.userId) : by?.channel,
    html`${notes.filter(Boolean).map((note, n) => html`${n > 0 && '. '}<bdi>${note}</bdi>`)}${link}${undo}`,
  ];
}

/**
 * Gives the receipt of a payment; undefined if there is no such payment. It has one number, and says copy from the second time
 * on. That of a payment for several patrons has the parts of all whom the address names.
 */
export async function numberedReceipt(
  { account, request, stream, user }: PatronVisit,
  paymentId: string,
  policy: FeePolicy,
): Promise<NumberedReceipt | undefined> {
  const { store, office, now } = request.var.desk;
  const [payment, ...more] = madeTogether(account, paymentId);
  if (payment === undefined) return undefined;
  const at = now();
  const subjectId = payment.paymentId;
  const subject = { ...stream, kind: 'payment', subjectId, series: yearOf(payment.at) } as const;
  const payments = more.map((one) => one.paymentId);
  const by = { channel: 'desk', userId: user.userId } as const;
  const others = request.req.queries('with') ?? [];
  return issueReceipt(
    { accounts: store, office },
    policy,
    { ...subject, at, by, others, payments },
    { now: at },
  );
}

/** The payments of one form, by two methods, of which one is named; empty if there is no such payment. */
function madeTogether(account: PatronAccount, paymentId: string): readonly Payment[] {
  const ofFirst = (id: string) => [id, secondId(id)].flatMap((each) => findPayment(account, each) ?? []);
  const first = account.payments.find(({ paymentId: id }) => secondId(id) === paymentId);
  return ofFirst(first?.paymentId ?? paymentId);
}

/** The number of a payment's receipt; undefined until one was given. */
async function givenNumber({ request, stream }: PatronVisit, subjectId: string): Promise<string | undefined> {
  const { store, office, policy } = request.var.desk;
  try {
    const subject = { ...stream, kind: 'payment', subjectId } as const;
    const { series, number } = await reprintReceipt({ accounts: store, office }, policy, subject);
    return `${series}/${number}`;
  } catch (error) {
    if (isPatronFeesError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/**
 * What a payment paid, as it is now; undefined if there is no such payment. Its receipt is as it was when it was first given,
 * on paper or by e-mail; only then it takes a number, and every later one is a copy.
 */
export async function receiptScreen(visit: PatronVisit): Promise<Html | undefined> {
  const { account, request, address, patron } = visit;
  const { policy } = request.var.desk;
  const paymentId = request.req.param('paymentId') ?? '';
  const payments = madeTogether(account, paymentId);
  const [paid, ...more] = payments.map((one) => receipt(account, policy, { paymentId: one.paymentId }));
  if (paid === undefined) return undefined;
  const { currency, by } = paid;
  const sum = (minor: readonly number[]) =>
    formatAmount(
      minor.reduce((all, each) => all + each, 0),
      account.minorDigits,
    );
  const total = sum(payments.map(({ amount }) => amount));
  const methods = [paid, ...more].map(
    ({ methodLabel, reference, amount }) =>
      html`<div><dt>Method</dt><dd>${methodLabel}${reference && html`, <bdi>${reference}</bdi>`}${more.length > 0 && html`: ${money(amount, currency)}`}</dd></div>`,
  );
  const rows = [
    ...[paid, ...more].flatMap(({ allocations, overpayment }) => [
      ...allocations.map(({ feeTypeLabel, title, owner, amount }) => [
        feeTypeLabel,
        html`<bdi>${title}</bdi>`,
        nameIn(libraries, owner),
        amount,
      ]),
      ...(overpayment ? [['Kept as a credit', '', '', overpayment.amount]] : []),
    ]),
    ['Total', '', '', total],
  ];
  const columns = [{ name: 'For', head: true }, ...named('Item', 'Owner'), ...amounts('Paid')];
  const number = await givenNumber(visit, paid.paymentId);
  const page = `${address}/receipts/${encodeURIComponent(paymentId)}`;
  const { search } = new URL(request.req.url);
  const others = (request.req.queries('with') ?? []).map(
    (id) => request.var.desk.directory.find(id)?.name ?? id,
  );
  const given =
    number === undefined
      ? 'No receipt was given yet. It takes its number when it is printed or sent.'
      : `Receipt ${number} was given. What is printed or sent now is a copy: it shows what was true then.`;
  return html`<dl class="figures">
<div><dt>Received from</dt><dd><bdi>${patron.name}</bdi>, ${patron.barcode}</dd></div>
<div><dt>Amount</dt><dd>${money(total, currency)}</dd></div>
${methods}
<div><dt>Date</dt><dd>${moment(paid.at)}</dd></div>
<div><dt>Taken by</dt><dd>${[by?.userId && staffName(by.userId), by?.desk && nameIn(desks, by.desk)].filter(Boolean).join(', ')}</dd></div>
${[paid, ...more].map(({ reversed }) => Number(reversed) > 0 && html`<div><dt>Reversed since</dt><dd>${money(reversed, currency)}</dd></div>`)}</dl>
${table(`Paid, in ${currency}`, columns, rows)}
${others.length > 0 && html`<p>Part of one payment, together with ${others.map((name) => html`<bdi>${name}</bdi> `)}. The receipt has all parts.</p>`}
<p>${given}</p>
<div class="buttons"><form method="post" action="${page}/print${search}" target="paper">${csrf(request)}<button>Print</button></form>
${mailButton(visit, `${page}/mail${search}`)}
<a class="button" href="${address}">Done</a> <a href="${address}/fees">Fines/Fees</a></div>
<iframe name="paper" title="The printed receipt"></iframe>`;
}

/** What is wrong with the period of a statement. */
export function statementErrors({ request }: PatronVisit): FieldErrors {
  const { from = '', to = '' } = request.req.query();
  return periodErrors(from, to);
}

/** A statement of account for a period; by default all that ever happened. */
export async function statementScreen(visit: PatronVisit): Promise<Html> {
  const { request, patron, address } = visit;
  const { from = '', to = '' } = request.req.query();
  const errors = statementErrors(visit);
  const filter = html`<form method="get" class="filter"><label for="from">From</label> <input type="date" id="from" name="from" value="${from}"${invalid(errors, 'from')}>${fieldError(errors, 'from')}
<label for="to">to, not included</label> <input type="date" id="to" name="to" value="${to}"${invalid(errors, 'to')}>${fieldError(errors, 'to')} <button>Show</button></form>`;
  if (Object.keys(errors).length > 0) {
    request.status(422);
    return filter;
  }
  const statement = await statementOf(visit, request.var.desk.policy, from, to);
  const { opening, closing, currency } = statement;
  const rows = statement.lines.map(
    ({ at, label, methodLabel, destinationLabel, fees, comment, amount, balance }) => [
      moment(at),
      [label, methodLabel, destinationLabel].filter(Boolean).join(', '),
      html`${fees.map(({ feeTypeLabel, title }, n) => html`${n > 0 && '; '}${feeTypeLabel}${title && html`, <bdi>${title}</bdi>`}`)}${comment && html`<br><small><bdi>${comment}</bdi></small>`}`,
      amount,
      balance,
    ],
  );
  const columns = [
    ...named('Date'),
    { name: 'What', head: true },
    ...named('Fees'),
    ...amounts('Amount', 'Balance'),
  ];
  return html`${filter}
<article class="paper"><p><bdi>${patron.name}</bdi>, ${patron.barcode}</p><dl class="figures">
<div><dt>Opening balance</dt><dd>${money(opening.balance, currency)}</dd></div>
<div><dt>Closing balance</dt><dd>${money(closing.balance, currency)}</dd></div>
<div><dt>Of it disputed</dt><dd>${money(closing.disputed, currency)}</dd></div></dl>
${rows.length > 0 ? table(`Movements in ${currency}`, columns, rows) : html`<p>Nothing happened in this period.</p>`}</article>
<div class="buttons"><button type="button" data-print hidden>Print</button>
${mailButton(visit, `${address}/statement/mail`, html`<input type="hidden" name="from" value="${from}"><input type="hidden" name="to" value="${to}">`)}</div>`;
}

/** The statement of a patron from a day until before another; an empty day is no limit. */
export async function statementOf(
  { request, stream, patron }: PatronVisit,
  policy: FeePolicy,
  from: string,
  to: string,
): Promise<AccountStatement> {
  const { events } = await request.var.desk.store.read(stream);
  return accountStatement(events, policy, {
    patron: { name: patron.name, barcode: patron.barcode },
    ...(from && { from: { recordedAt: startOfDay(from) } }),
    ...(to && { before: { recordedAt: startOfDay(to) } }),
  });
}

/** The year of a moment in the library. */
function yearOf(at: string): string {
  return new Date(at).toLocaleDateString('en-US', { timeZone: place.timeZone, year: 'numeric' });
}

/** The moment at which a day begins in the library. */
export function startOfDay(date: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: place.timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (at: string) =>
    parts
      .formatToParts(new Date(at))
      .find(({ type }) => type === 'timeZoneName')
      // Before time zones, offsets had seconds.
      ?.value.slice(3, 9) || 'Z';
  // The offset at midnight, which is not that of noon on the day on which clocks change.
  const about = offsetAt(`${date}T00:00:00Z`);
  return `${date}T00:00:00${offsetAt(`${date}T00:00:00${about}`)}`;
}
