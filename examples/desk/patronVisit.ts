import { html } from 'hono/html';
import {
  feeTypeRule,
  findFee,
  formatAmount,
  type IdKind,
  type PatronAccount,
  type PermittedCommand,
  permissionFor,
} from 'patron-fees';
import { loadAccount, type StreamId } from 'patron-fees/history';
import { institution } from './desk.js';
import type { Patron } from './directory.js';
import { type Html, moment } from './pages.js';
import type { Request } from './session.js';
import type { Staff } from './staff.js';

/** A patron whose pages somebody looks at. */
export type PatronVisit = {
  readonly request: Request;
  readonly user: Staff;
  readonly patron: Patron;
  readonly stream: StreamId;
  /** The address of the patron's first page; the others are below it. */
  readonly address: string;
  readonly version: number;
  readonly account: PatronAccount;
  /** Whether the roles of the user allow a command, so that a screen can leave out what would be refused. */
  readonly may: (commandType: PermittedCommand) => boolean;
};

/** Loads the patron that a request names; undefined for an unknown one. */
export async function openPatron(request: Request): Promise<PatronVisit | undefined> {
  const { directory, store, policy } = request.var.desk;
  const patron = directory.find(request.req.param('patronId') ?? '');
  const { user } = request.var.session;
  if (patron === undefined || user === undefined) return undefined;
  const stream = { institution, patronId: patron.patronId };
  const { version, account } = await loadAccount(store, stream);
  const address = `/patrons/${encodeURIComponent(patron.patronId)}`;
  const may = (commandType: PermittedCommand) => permissionFor(policy, commandType, user.roles).permitted;
  return { request, user, patron, stream, address, version, account, may };
}

const tabs = [
  ['', 'Patron Services'],
  ['/details', 'General'],
  ['/fees', 'Fines/Fees'],
  ['/blocks', 'Blocks'],
  ['/network', 'Network Activity'],
  ['/statement', 'Statement'],
] as const;

/** Who the patron is, and the pages about them. */
export function patronTabs({ request, patron, address }: PatronVisit): Html {
  const links = tabs.map(([path, name]) => {
    const here = request.req.path === address + path && html` aria-current="page"`;
    return html`<li><a href="${address}${path}"${here}>${name}</a></li>`;
  });
  return html`<p class="patron"><a href="${address}/details"><bdi>${patron.name}</bdi></a>, ${patron.barcode}, ${patron.group.toLowerCase()}</p>
<nav aria-label="Patron" class="tabs"><ul>${links.slice(0, 1)}</ul><span id="details">User Details</span><ul aria-labelledby="details">${links.slice(1)}</ul></nav>`;
}

/** A fee as people name it: its type, and the title of its item. */
export function feeName({ account, request }: PatronVisit, feeId: string): string {
  const fee = findFee(account, feeId);
  if (fee === undefined) return feeId;
  const label = feeTypeRule(request.var.desk.policy, fee.feeType)?.label ?? fee.feeType;
  return [label, fee.item?.title].filter(Boolean).join(', ');
}

const recordedKinds: Readonly<Partial<Record<IdKind, string>>> = {
  fee: 'fee added',
  payment: 'payment received',
  waiver: 'waived',
  application: 'credit applied',
  refund: 'credit paid out',
  transfer: 'transferred',
  dispute: 'dispute recorded',
};

/** What was recorded under an id, in words; empty if nothing was. */
export function recordedText({ account }: PatronVisit, id: string): string {
  const used = account.ids.find((use) => use.id === id);
  if (used === undefined) return '';
  // A form about several fees records the others under its id and a number.
  const amounts = [
    ...account.fees.map(({ feeId, original }) => [feeId, original] as const),
    ...account.payments.map(({ paymentId, amount }) => [paymentId, amount] as const),
    ...account.credits.map(({ creditId, amount }) => [creditId, amount] as const),
    ...account.waivers.map(({ waiverId, amount }) => [waiverId, amount] as const),
    ...account.transfers.map(({ transferId, amount }) => [transferId, amount] as const),
    ...account.refunds.map(({ refundId, amount }) => [refundId, amount] as const),
    ...account.applications.flatMap(({ applicationId, allocations }) =>
      allocations.map(({ amount }) => [applicationId, amount] as const),
    ),
  ].flatMap(([key, amount]) => (key === id || key.startsWith(`${id}#`) ? [amount] : []));
  const credit = account.credits.find(({ creditId }) => creditId === id);
  const words =
    credit === undefined
      ? (recordedKinds[used.kind] ?? 'recorded')
      : credit.cause === 'waived'
        ? 'waived; the amount is shown as a credit'
        : 'credit issued';
  const sum = amounts.reduce((one, other) => one + other, 0);
  return amounts.length === 0
    ? words
    : `${words}, ${formatAmount(sum, account.minorDigits)} ${account.currency}`;
}

/** What has an id in the account, as people name it, in quotation marks that keep the rest of a sentence in its order. */
export function quotedName(visit: PatronVisit, id: string): string {
  const text = findFee(visit.account, id) === undefined ? recordedText(visit, id) : feeName(visit, id);
  return text === '' ? id : `“\u2068${text}\u2069”`;
}

/** An e-mail to the patron: to which address, when, and in which file. */
export function mailText({ request, patron }: PatronVisit, id: string): Html | undefined {
  const { outbox } = request.var.desk;
  const mail = outbox.find(id);
  if (mail?.patronId !== patron.patronId) return undefined;
  return html`Sent to ${mail.recipient}, ${moment(mail.sentAt)}: <a href="/mails/${encodeURIComponent(id)}">${outbox.path(mail)}</a>`;
}

/** The notice on the page that follows a form. */
export function noticeAfter(visit: PatronVisit): string | Html | undefined {
  const { recorded, again, mailed } = visit.request.req.query();
  if (mailed !== undefined) return mailText(visit, mailed);
  const text = recorded === undefined ? '' : recordedText(visit, recorded);
  if (text === '') return undefined;
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return again === undefined ? sentence : `${sentence} The form was sent before; nothing was done twice.`;
}
