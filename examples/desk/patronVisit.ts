import { html } from 'hono/html';
import {
  feeTypeRule,
  findFee,
  formatAmount,
  type PatronAccount,
  type PermittedCommand,
  permissionFor,
} from 'patron-fees';
import type { StreamId } from 'patron-fees/history';
import { accountsOf, type JoinedAccount } from 'patron-fees/patrons';
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
  /** All accounts of the patron: this one, and those that it is merged with. */
  readonly accounts: readonly JoinedAccount[];
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
  const accounts = await accountsOf(store, stream);
  const own = accounts.find(({ patronId }) => patronId === patron.patronId);
  if (own === undefined) return undefined;
  const { version, account } = own;
  const address = `/patrons/${encodeURIComponent(patron.patronId)}`;
  const may = (commandType: PermittedCommand) => permissionFor(policy, commandType, user.roles).permitted;
  return { request, user, patron, stream, address, version, account, accounts, may };
}

const tabs = [
  ['', 'Patron Services'],
  ['/details', 'General'],
  ['/fees', 'Fines/Fees'],
  ['/blocks', 'Blocks'],
  ['/network', 'Network Activity'],
  ['/statement', 'Statement'],
] as const;

/** Who the patron is, the accounts merged with theirs, and the pages about them. */
export function patronTabs(visit: PatronVisit): Html {
  const { request, patron, address, account, accounts } = visit;
  const links = tabs.map(([path, name]) => {
    const here = request.req.path === address + path && html` aria-current="page"`;
    return html`<li><a href="${address}${path}"${here}>${name}</a></li>`;
  });
  return html`<p class="patron"><a href="${address}/details"><bdi>${patron.name}</bdi></a>, ${patron.barcode}, ${patron.group.toLowerCase()}</p>
<nav aria-label="Patron" class="tabs"><ul>${links.slice(0, 1)}</ul><span id="details">User Details</span><ul aria-labelledby="details">${links.slice(1)}</ul></nav>
${account.mergedInto !== null && html`<p class="warning">This account is merged into that of ${patronLink(visit, account.mergedInto)}: new fees and credits go there. What is owed here is paid here.</p>`}
${accounts
  .filter((other) => other.account.mergedInto === patron.patronId)
  .map(
    ({ patronId }) =>
      html`<p class="warning">The account of ${patronLink(visit, patronId)} is merged into this one.</p>`,
  )}`;
}

/** A link to another account of the patron. */
function patronLink({ request }: PatronVisit, patronId: string): Html {
  const patron = request.var.desk.directory.find(patronId);
  const name = patron === undefined ? patronId : `${patron.name}, ${patron.barcode}`;
  return html`<a href="/patrons/${encodeURIComponent(patronId)}"><bdi>${name}</bdi></a>`;
}

/** A fee as people name it: its type, and the title of its item. */
export function feeName({ account, request }: PatronVisit, feeId: string): string {
  const fee = findFee(account, feeId);
  if (fee === undefined) return feeId;
  const label = feeTypeRule(request.var.desk.policy, fee.feeType)?.label ?? fee.feeType;
  return [label, fee.item?.title].filter(Boolean).join(', ');
}

type Recorded = { readonly words: string; readonly id: string; readonly amount: number };

/** What an account records under ids, with amounts; what a form was about before what follows from it. */
function recordedIn(account: PatronAccount): readonly Recorded[][] {
  return [
    account.payments.map(({ paymentId: id, amount }) => ({ words: 'payment received', id, amount })),
    account.refunds.map(({ refundId: id, amount }) => ({ words: 'credit paid out', id, amount })),
    account.transfers.map(({ transferId: id, amount }) => ({ words: 'transferred', id, amount })),
    [
      ...account.waivers.map(({ waiverId: id, amount }) => ({ words: 'waived', id, amount })),
      ...account.credits.flatMap(({ creditId: id, amount, cause }) =>
        cause === 'waived' ? [{ words: 'waived; the amount is shown as a credit', id, amount }] : [],
      ),
    ],
    account.fees.map(({ feeId: id, original: amount }) => ({ words: 'fee added', id, amount })),
    account.credits.map(({ creditId: id, amount }) => ({ words: 'credit issued', id, amount })),
    account.applications.map(({ applicationId: id, allocations }) => ({
      ...{ words: 'credit applied', id },
      amount: allocations.reduce((sum, { amount }) => sum + amount, 0),
    })),
  ];
}

/** What was recorded under an id, in words; empty if nothing was. */
export function recordedText({ account }: PatronVisit, id: string): string {
  return textOf(account, id, [id]);
}

/** What a form recorded, in words; empty if nothing was. */
export function formText({ account }: PatronVisit, formId: string): string {
  // A form about several fees records the others under its id and a number.
  const ids = account.ids.map(({ id }) => id).filter((id) => id === formId || id.startsWith(`${formId}#`));
  return textOf(account, formId, ids);
}

function textOf(account: PatronAccount, first: string, ids: readonly string[]): string {
  const kind = account.ids.find(({ id }) => id === first)?.kind;
  if (kind === undefined) return '';
  if (kind === 'dispute') return 'dispute recorded';
  // A correction may give back parts of several kinds.
  const lists = kind === 'other' ? [] : recordedIn(account);
  const [recorded = []] = lists
    .map((list) => list.filter(({ id }) => ids.includes(id)))
    .filter(({ length }) => length > 0);
  const [one] = recorded;
  if (one === undefined) return 'recorded';
  // A credit that uses up what is owed is followed by what was waived, as other applications.
  const all = one.words === 'credit applied' ? [one] : recorded;
  const sum = all.reduce((total, { amount }) => total + amount, 0);
  return `${one.words}, ${formatAmount(sum, account.minorDigits)} ${account.currency}`;
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
  const text = recorded === undefined ? '' : formText(visit, recorded);
  if (text === '') return undefined;
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return again === undefined ? sentence : `${sentence} The form was sent before; nothing was done twice.`;
}
