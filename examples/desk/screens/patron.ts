import { html } from 'hono/html';
import { type Blocks, blocks, household, summary } from 'patron-fees/views';
import { place } from '../desk.js';
import { type Html, mailAddress, moment, money } from '../pages.js';
import type { PatronVisit } from '../patronVisit.js';
import { NO_PAYMENTS } from '../refusalText.js';
import { amounts, named, table } from '../table.js';
import { paymentsAreTaken } from './money.js';

/** Patron services: what a patron owes, whether that blocks them, and what is on loan. */
export function patronServices(visit: PatronVisit): Html {
  const { request, account, accounts, address, patron, may } = visit;
  const { policy, directory, now } = request.var.desk;
  const takesPayments = paymentsAreTaken(policy);
  const { active, payable, currency } = summary(account, policy);
  const isMerged = account.mergedInto !== null;
  // The barcodes of the accounts merged with this one.
  const merged = accounts.flatMap(({ patronId }) =>
    patronId === patron.patronId ? [] : (directory.find(patronId)?.barcode ?? []),
  );
  const loans = directory
    .loansOf(patron.patronId)
    .map(({ title, barcode, dueAt }) => [
      html`<bdi>${title}</bdi>`,
      barcode,
      html`${moment(dueAt)}${isOverdue(dueAt, now()) && html` <strong class="overdue">overdue</strong>`}`,
    ]);
  return html`${blockText(blocksOf(visit), accounts.length > 1)}
<p class="balance">Active balance: <a href="${address}/fees">${money(active, currency)}</a></p>
${accounts.length > 1 && html`<p>Together with the accounts merged: <strong>${money(household(accounts, policy).total.active, currency)}</strong></p>`}
<p class="buttons">
${Number(payable) > 0 && takesPayments && may('ReceivePayment') && html`<a class="button" href="${address}/pay">Pay</a>`}
${takesPayments && may('ReceivePayment') && html`<a class="button" href="${address}/pay-together${merged.length > 0 && `?${new URLSearchParams({ who: merged.join(' ') })}`}">Pay together</a>`}
<a class="button" href="${address}/report">Send Activity Report</a>
${may(isMerged ? 'SeparateAccounts' : 'MergeAccounts') && html`<a class="button" href="${address}/${isMerged ? 'separate' : 'merge'}">${isMerged ? 'Separate' : 'Merge'} accounts</a>`}
<a href="/">Done</a></p>
${!takesPayments && html`<p>${NO_PAYMENTS}</p>`}
${loans.length > 0 ? table('Loans', [{ name: 'Title', head: true }, ...named('Barcode', 'Due')], loans) : html`<p>No loans.</p>`}`;
}

/** The limits of the patron's group, for what is owed on all accounts of the patron. */
function blocksOf({ accounts, patron, request }: PatronVisit): Blocks {
  const all = accounts.map(({ account }) => account);
  return blocks(all, request.var.desk.policy, { group: patron.group });
}

/** Why the patron is blocked, and why the figure is another one than the active balance. */
function blockText({ limits, currency }: Blocks, isOfSeveral: boolean): Html {
  const broken = limits.filter((limit) => limit.broken);
  return html`${broken.map(({ owed, owedDisputed, amount }) => {
    const ofIt = Number(owedDisputed) > 0 && html`, of it ${money(owedDisputed, currency)} disputed`;
    return html`<p class="warning">Blocked: owes ${money(owed, currency)}${ofIt}; the limit is ${money(amount, currency)}.
Disputed fees count, unused credits do not${isOfSeveral && ', and all merged accounts count together'}.</p>`;
  })}`;
}

function isOverdue(dueAt: string, now: string): boolean {
  return Date.parse(dueAt) < Date.parse(now);
}

/** User Details, the tab "General": who the patron is. patron-fees stores none of it. */
export function generalTab({ patron, request }: PatronVisit): Html {
  const loans = request.var.desk.directory.loansOf(patron.patronId);
  const details = [
    ['Name', html`<bdi>${patron.name}</bdi>`],
    ['Primary identifier', patron.patronId],
    ['Barcode', patron.barcode],
    ['User group', patron.group.toLowerCase()],
    ['E-mail', mailAddress(patron.email)],
    ['Language', new Intl.DisplayNames([place.locale], { type: 'language' }).of(patron.language)],
    ['Loans', `${loans.length}${patron.hasOverdueLoans ? ', some overdue' : ''}`],
  ];
  return html`<dl class="figures">${details.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** User Details, the tab "Blocks": the limits of the patron's group, and what counts for each. */
export function blocksTab(visit: PatronVisit): Html {
  const found = blocksOf(visit);
  const { limits, currency } = found;
  const rows = limits.map(({ amount, owed, owedDisputed, broken }) => [
    broken ? 'Blocked' : 'Not blocked',
    amount,
    owed,
    owedDisputed,
  ]);
  if (limits.length === 0) return html`<p>No limit for this user group.</p>`;
  return html`${blockText(found, visit.accounts.length > 1)}${table(`Limits in ${currency}`, [{ name: 'Block', head: true }, ...amounts('Limit', 'Owed', 'Of it disputed')], rows)}`;
}
