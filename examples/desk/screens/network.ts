import { html } from 'hono/html';
import { loadAccount } from 'patron-fees/history';
import { type NetworkRow, networkActivity } from 'patron-fees/views';
import { institution as ownInstitution } from '../desk.js';
import { day, type Html, money, table } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';

/** The institutions of the fulfillment network, by code. */
const network: Readonly<Record<string, string>> = {
  north: 'North University (here)',
  south: 'South College',
  maple: 'Maple Institute',
};

/**
 * User Details, the tab "Network Activity": what the same patron owes at other institutions, row by row. It can be read here, and
 * paid and waived there.
 */
export async function networkTab(visit: PatronVisit): Promise<Html> {
  const { request, patron } = visit;
  const { store, policy } = request.var.desk;
  const accounts = await Promise.all(
    Object.keys(network).map(async (institution) => {
      const { account } = await loadAccount(store, { institution, patronId: patron.patronId });
      return { institution, account };
    }),
  );
  const { institutions, totals, rows } = networkActivity(accounts, policy, {
    status: ['active', 'disputed', 'transferred'],
  });
  const elsewhere = rows.filter((row) => row.institution !== ownInstitution);
  const row = (
    name: string,
    currency: string | null,
    figures: Readonly<Record<(typeof figureNames)[number], string>>,
  ) =>
    currency === null
      ? html`<tr><th scope="row">${name}</th><td colspan="4">No account</td></tr>`
      : html`<tr><th scope="row">${name}</th>${figureNames.map(
          (figure) => html`<td class="amount">${money(figures[figure], currency)}</td>`,
        )}</tr>`;
  const columns = ['Active', 'Disputed', 'Transferred', 'Payable'].map((name) => ({ name, amount: true }));
  const sums = table(
    'Balances in the network',
    [{ name: 'Institution' }, ...columns],
    [
      ...institutions.map((here) => row(network[here.institution] ?? here.institution, here.currency, here)),
      ...totals.map((total) => row(`Total in ${total.currency}`, total.currency, total)),
    ],
  );
  const list =
    elsewhere.length === 0
      ? html`<p>No open fines or fees at other institutions.</p>`
      : table('Fines and fees at other institutions', rowColumns, elsewhere.map(networkRow));
  return html`${sums}${list}<p class="small">Fees of other institutions can only be read here: they are paid, waived and disputed where they were charged.</p>`;
}

const rowColumns = [
  ...['Institution', 'Type', 'Item', 'Loan', 'Due', 'Status', 'Date'].map((name) => ({ name })),
  ...['Original Amount', 'Remaining Balance'].map((name) => ({ name, amount: true })),
];

function networkRow(row: NetworkRow): Html {
  const { institution, currency, typeLabel, item, status, at, original, remaining } = row;
  const loanId = row.kind === 'fee' ? row.loanId : null;
  return html`<tr><th scope="row">${network[institution] ?? institution}</th><td>${typeLabel}</td>
<td>${item?.title}${item?.barcode && html`<br><small>${item.barcode}</small>`}</td><td>${loanId}</td><td>${item?.dueAt && day(item.dueAt)}</td>
<td>${status.replace(/^./, (first) => first.toUpperCase())}</td><td>${day(at)}</td>
<td class="amount">${money(original, currency)}</td><td class="amount">${money(remaining, currency)}</td></tr>`;
}

const figureNames = ['active', 'disputed', 'transferred', 'payable'] as const;
