import { html } from 'hono/html';
import { findFee, formatAmount, unused } from 'patron-fees';
import {
  type CreditRow,
  type FeeRow,
  type FinesAndFeesRow,
  finesAndFees,
  type SortColumn,
  sortColumns,
} from 'patron-fees/views';
import { libraries, nameIn } from '../desk.js';
import { day, type Html, money, options } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';
import { isolated } from '../recordedText.js';
import { NO_PAYMENTS } from '../refusalText.js';
import { type Column, table } from '../table.js';
import { paymentsAreTaken } from './money.js';

const PAGE = 10;

const statuses = {
  active: 'Active',
  disputed: 'Disputed',
  transferred: 'Transferred',
  closed: 'Closed',
  all: 'All',
};

/** What the address says about the list: which rows, in which order, and which page of them. */
type Listed = {
  readonly status: keyof typeof statuses;
  readonly sort: SortColumn;
  readonly down: boolean;
  readonly offset: number;
};

/** The tab "Fines/Fees": five balances, and the rows with what can be done to them. */
export function feesTab(visit: PatronVisit): Html {
  const { request, account, address, may } = visit;
  const { policy } = request.var.desk;
  const listOf = ({ status, sort, down, offset }: Listed) =>
    finesAndFees(account, policy, {
      status,
      sort: { by: sort, descending: down },
      page: { offset, limit: PAGE },
    });
  let listed = listedBy(new URL(request.req.url).searchParams);
  let list = listOf(listed);
  if (list.rows.length === 0 && list.rowCount > 0) {
    // Rows have left the list since the page was shown: the last page that is left.
    listed = { ...listed, offset: Math.floor((list.rowCount - 1) / PAGE) * PAGE };
    list = listOf(listed);
  }
  const { balances, rows, rowCount, currency } = list;
  const figures = [
    ['Active balance', balances.active],
    ['Disputed balance', balances.disputed],
    ['Transferred balance', balances.transferred],
    ['Currently filtered balance', balances.currentlyFiltered],
    ['Currently filtered disputed balance', balances.currentlyFilteredDisputed],
  ] as const;
  const button = (path: string, label: string) =>
    html`<button form="rows" formaction="${address}/${path}">${label}</button>`;
  const selected = [
    mayPay(visit) && button('pay', 'Pay Selected'),
    may('WaiveFees') && button('waive', 'Waive Selected'),
    may('TransferFees') && button('transfer', 'Transfer Selected'),
  ];
  return html`<section aria-labelledby="summary"><h2 id="summary">Fines and Fees Summary</h2>
<dl class="figures line">${figures.map(([name, amount]) => html`<div><dt>${name}</dt><dd>${money(amount, currency)}</dd></div>`)}</dl>
</section>
${!paymentsAreTaken(policy) && html`<p>${NO_PAYMENTS}</p>`}
<div class="toolbar"><form method="get" class="filter"><label for="status">Fine/fee status</label>
<select id="status" name="status">${options(statuses, listed.status)}</select> <button class="quiet">Filter</button></form>
${may('AssessFee') && html`<a class="button" href="${address}/add-fee">Add Fine or Fee</a>`}
${rowCount > 0 && selected}</div>
${
  rowCount === 0
    ? html`<p>No fines or fees with this status.</p>`
    : html`<form method="get" id="rows" data-selects>
${table(
  `Fines and fees in ${currency}`,
  columns(listed),
  rows.map((row) => feeRow(visit, row)),
)}
${pages(listed, rowCount)}</form>`
}`;
}

function listedBy(query: URLSearchParams): Listed {
  const [status, sort] = [query.get('status') ?? '', query.get('sort') ?? ''];
  return {
    status: Object.hasOwn(statuses, status) ? (status as Listed['status']) : 'active',
    sort: sortColumns.find((column) => column === sort) ?? 'at',
    down: query.get('down') === '1',
    offset: Math.min(Math.max(0, Math.trunc(Number(query.get('offset')) || 0)), Number.MAX_SAFE_INTEGER),
  };
}

/** The address of the same list, changed. */
function listAddress(listed: Listed, change: Partial<Listed>): string {
  const { status, sort, down, offset } = { ...listed, ...change };
  return `?${new URLSearchParams({ status, sort, down: down ? '1' : '0', offset: `${offset}` })}`;
}

function columns(listed: Listed): Column[] {
  const sortable = (sort: SortColumn, name: string, amount = false): Column => {
    const isSorted = listed.sort === sort;
    const link = listAddress(listed, { sort, down: isSorted && !listed.down, offset: 0 });
    const order = listed.down ? 'descending' : 'ascending';
    return { name, link, amount, head: sort === 'type', ...(isSorted && { sort: order }) };
  };
  return [
    { name: 'Select', hidden: true },
    sortable('type', 'Type'),
    sortable('title', 'Item'),
    sortable('status', 'Status'),
    sortable('owner', 'Owner'),
    sortable('at', 'Date'),
    sortable('original', 'Original Amount', true),
    sortable('remaining', 'Remaining Balance', true),
    { name: 'Actions' },
  ];
}

function feeRow(visit: PatronVisit, row: FinesAndFeesRow) {
  const { address, account } = visit;
  const { id, typeLabel, status, owner, item, at, original, remaining, comment } = row;
  const name = `${typeLabel}${item?.title ? `, ${isolated(item.title)}` : ''}`;
  const mayPick = row.kind === 'fee' && Number(row.owed) > 0;
  // What was waived of a lost item is a credit in a row of its own, and shown here, too.
  const waived = account.credits.filter(({ feeId, purpose }) => feeId === id && purpose === 'setOff');
  const credit = waived.reduce((sum, one) => sum + unused(one), 0);
  return [
    mayPick && html`<input type="checkbox" name="feeId" value="${id}" aria-label="Select ${name}">`,
    html`${typeLabel}${row.kind === 'fee' && row.accruing && html` <em>still growing</em>`}`,
    html`<bdi>${item?.title}</bdi>${comment && html`<br><small><bdi>${comment}</bdi></small>`}`,
    statuses[status],
    owner === null ? '' : nameIn(libraries, owner),
    day(at),
    original.replace('-', '−'),
    html`<a href="${address}/rows/${encodeURIComponent(id)}" aria-label="${remaining}, transactions of ${name}">${remaining.replace('-', '−')}</a>
${credit > 0 && html`<br><small>credit −${formatAmount(credit, account.minorDigits)}</small>`}`,
    html`<span class="actions">${row.kind === 'fee' ? rowActions(visit, row, name) : creditActions(visit, row, name)}</span>`,
  ];
}

/** Whether the user may take payments here. */
function mayPay({ request, may }: PatronVisit): boolean {
  return paymentsAreTaken(request.var.desk.policy) && may('ReceivePayment');
}

function rowActions(
  visit: PatronVisit,
  { id, status, owed, transferPending, lostItem }: FeeRow,
  name: string,
): Html[] {
  const { address, may, account } = visit;
  const isOpen = Number(owed) > 0;
  const link = (path: string, label: string) =>
    html`<a href="${address}/${path}?feeId=${encodeURIComponent(id)}" aria-label="${label} ${name}">${label}</a> `;
  const actions: Html[] = [];
  if (lostItem && !findFee(account, id)?.returned && may('AssessFee'))
    actions.push(link('return-item', 'Returned'));
  if (!isOpen && Number(transferPending) <= 0) return actions;
  if (mayPay(visit) && status !== 'disputed') actions.push(link('pay', 'Pay'));
  if (may('WaiveFees')) actions.push(link('waive', 'Waive'));
  if (status === 'disputed') {
    if (may('ResolveDispute')) actions.push(link('restore', 'Restore'));
    return actions;
  }
  if (!isOpen) return actions;
  if (may('DisputeFee')) actions.push(link('dispute', 'Dispute'));
  if (may('TransferFees')) actions.push(link('transfer', 'Transfer'));
  return actions;
}

/** What can be done to an unused credit, by its purpose. */
function creditActions(
  { address, may }: PatronVisit,
  { id, purpose, remaining }: CreditRow,
  name: string,
): Html[] {
  if (Number(remaining) >= 0) return [];
  const link = (path: string, label: string) =>
    html`<a href="${address}/${path}?creditId=${encodeURIComponent(id)}" aria-label="${label} ${name}">${label}</a> `;
  const actions: Html[] = [];
  if (may('ApplyCredit') && purpose !== 'external') actions.push(link('apply-credit', 'Apply'));
  if (may('RefundCredit') && purpose === 'refundable') actions.push(link('refund-credit', 'Refund'));
  if (may('TransferFees') && (purpose === 'refundable' || purpose === 'external'))
    actions.push(link('transfer', 'Transfer'));
  return actions;
}

function pages(listed: Listed, rowCount: number): Html {
  const { offset } = listed;
  const last = Math.min(offset + PAGE, rowCount);
  const link = (to: number, label: string) =>
    html` <a href="${listAddress(listed, { offset: to })}">${label}</a>`;
  return html`<p class="pages">Rows ${Math.min(offset + 1, rowCount)} to ${last} of ${rowCount}
${offset > 0 && link(Math.max(0, offset - PAGE), 'Previous page')}${last < rowCount && link(last, 'Next page')}</p>`;
}
