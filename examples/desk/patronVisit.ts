import { html } from 'hono/html';
import { findPayment, type PatronAccount, type PermittedCommand, permissionFor } from 'patron-fees';
import type { StreamId } from 'patron-fees/history';
import { accountsOf, type JoinedAccount } from 'patron-fees/patrons';
import { institution } from './desk.js';
import type { Patron } from './directory.js';
import { type Html, moment } from './pages.js';
import { formText } from './recordedText.js';
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

/** An e-mail to the patron: to which address, when, and in which file. */
export function mailText({ request, patron }: PatronVisit, id: string): Html | undefined {
  const { outbox } = request.var.desk;
  const mail = outbox.find(id);
  if (mail?.patronId !== patron.patronId) return undefined;
  return html`Sent to ${mail.recipient}, ${moment(mail.sentAt)}: <a href="/mails/${encodeURIComponent(id)}">${outbox.path(mail)}</a>`;
}

/** The notice on the page that follows a form. */
export async function noticeAfter(visit: PatronVisit): Promise<string | Html | undefined> {
  const { recorded, again, mailed } = visit.request.req.query();
  if (mailed !== undefined) return mailText(visit, mailed);
  const text = recorded === undefined ? '' : await formText(visit, recorded);
  if (text === '') return undefined;
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  const told =
    again === undefined ? sentence : `${sentence} The form was sent before; nothing was done twice.`;
  if (recorded === undefined || findPayment(visit.account, recorded) === undefined) return told;
  return html`${told} <a href="${visit.address}/receipts/${encodeURIComponent(recorded)}">Receipt</a>`;
}
