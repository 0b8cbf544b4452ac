import { html } from 'hono/html';
import { loadAccount } from 'patron-fees/history';
import { blocks, networkActivity, summary } from 'patron-fees/views';
import { type Html, moment, money, table } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';

/** Patron services: what a patron owes, whether that blocks them, and what is on loan. */
export function patronServices(visit: PatronVisit): Html {
  const { request, account, address, patron, may } = visit;
  const { policy, directory } = request.var.desk;
  const { active, payable, currency } = summary(account, policy);
  const { blocked, limits } = blocks(account, policy, { group: patron.group });
  const broken = limits.filter((limit) => limit.broken);
  const block =
    blocked &&
    html`<p class="warning">Blocked: owes ${broken.map(
      ({ owed, amount }) => html`${money(owed, currency)}; the limit is ${money(amount, currency)}`,
    )}.</p>`;
  const loans = directory
    .loansOf(patron.patronId)
    .map(
      ({ title, barcode, dueAt }) =>
        html`<tr><th scope="row">${title}</th><td>${barcode}</td><td>${moment(dueAt)}</td></tr>`,
    );
  return html`${block}
<p class="balance">Active balance: <a href="${address}/fees">${money(active, currency)}</a></p>
<p class="buttons">
${Number(payable) > 0 && may('ReceivePayment') && html`<a class="button" href="${address}/pay">Pay</a>`}
<a class="button" href="${address}/report">Send Activity Report</a>
<a href="/">Done</a></p>
${loans.length > 0 ? table('Loans', [{ name: 'Title' }, { name: 'Barcode' }, { name: 'Due' }], loans) : html`<p>No loans.</p>`}`;
}

/** The institutions of the fulfillment network, by code. */
const network: Readonly<Record<string, string>> = {
  north: 'North University (here)',
  south: 'South College',
  maple: 'Maple Institute',
};

/** Network activity: what the same patron owes at other institutions. It can be read here, and paid there. */
export async function networkScreen(visit: PatronVisit): Promise<Html> {
  const { request, patron } = visit;
  const { store, policy } = request.var.desk;
  const accounts = await Promise.all(
    Object.keys(network).map(async (institution) => {
      const { account } = await loadAccount(store, { institution, patronId: patron.patronId });
      return { institution, account };
    }),
  );
  const { institutions, totals } = networkActivity(accounts, policy);
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
  return table(
    'Fines and fees in the network',
    [{ name: 'Institution' }, ...columns],
    [
      ...institutions.map((here) => row(network[here.institution] ?? here.institution, here.currency, here)),
      ...totals.map((total) => row(`Total in ${total.currency}`, total.currency, total)),
    ],
  );
}

const figureNames = ['active', 'disputed', 'transferred', 'payable'] as const;
