import { html } from 'hono/html';
import { loadAccount } from 'patron-fees/history';
import { type NetworkRow, networkActivity } from 'patron-fees/views';
import { institution as ownInstitution } from '../desk.js';
import { day, type Html, money } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';
import { amounts, named, table } from '../table.js';

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
      ? [name, 'No account']
      : [name, ...figureNames.map((figure) => money(figures[figure], currency))];
  const sums = table(
    'Balances in the network',
    [{ name: 'Institution', head: true }, ...amounts('Active', 'Disputed', 'Transferred', 'Payable')],
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
  { name: 'Institution', head: true },
  ...named('Type', 'Item', 'Loan', 'Due', 'Status', 'Date'),
  ...amounts('Original Amount', 'Remaining Balance'),
];

function networkRow(row: NetworkRow) {
  const { institution, currency, typeLabel, item, status, at, original, remaining } = row;
  const loanId = row.kind === 'fee' ? row.loanId : null;
  return [
    network[institution] ?? institution,
    typeLabel,
    item && html`<bdi>${item.title}</bdi>${item.barcode && html`<br><small>${item.barcode}</small>`}`,
    loanId,
    item?.dueAt && day(item.dueAt),
    status.replace(/^./, (first) => first.toUpperCase()),
    day(at),
    money(original, currency),
    money(remaining, currency),
  ];
}

const figureNames = ['active', 'disputed', 'transferred', 'payable'] as const;
