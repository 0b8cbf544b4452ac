import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type Approver, rejectionText } from 'patron-fees';
import {
  listOnlinePayments,
  type OnlineAction,
  type OnlineFinding,
  type OnlineLine,
  type OnlineListForm,
  type OnlineListState,
  type ReportRejection,
  reportOnlinePayment,
  type SettlePartRejection,
  type SettleReportRejection,
  settleOnlinePart,
  settleOnlineReport,
} from 'patron-fees/online';
import { approvalFields, approvalOf } from '../approval.js';
import { type Desk, institution, place } from '../desk.js';
import { periodErrors } from '../fieldErrors.js';
import { csrf, day, type Html, moment, money, options, page, refusalPage } from '../pages.js';
import { type DeskEnv, formOf, type Request } from '../session.js';
import { maySettleOnline, type Staff, staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';

const states: Readonly<Record<OnlineListState, string>> = {
  started: 'Begun',
  pending: 'At the bank',
  ended: 'Nothing paid',
  captured: 'Not recorded yet',
  recorded: 'Recorded',
  returned: 'Given back',
  kept: 'Refused, open',
  settled: 'Refused, settled',
  unreadable: 'Unreadable',
};

/** The findings, shortly. */
const findings = {
  TAKEN_NOT_RECORDED: 'Taken, not recorded',
  RETURNED_NOT_RECORDED: 'Given back, not recorded',
  REPORT_REFUSED: 'A report does not fit',
  RECORDED_TOO_MUCH: 'Too much recorded',
  RECORD_LOST: 'Lost by the account',
  RETURNED_TOO_MUCH: 'Too much given back',
  REVERSED_NOT_RETURNED: 'Reversed by hand, not given back',
  CAPTURED_ABOVE_TOTAL: 'More taken than asked for',
  NEVER_FINAL: 'Without an end',
  AMOUNT_DIFFERS: 'The payout has another amount',
  PAID_OUT_TWICE: 'Paid out twice',
  UNKNOWN_PAYMENT: 'A payout of no payment',
  PERHAPS_REPORTED: 'A payout of a payment that may be known',
  CURRENCY_DIFFERS: 'Another currency',
  ROW_CHANGED: 'A payout was changed',
  CORRUPT_HISTORY: 'Unreadable',
  INVALID_EVENT: 'Unreadable',
} as const satisfies Partial<Record<OnlineFinding['code'], string>>;

/** For how many days after its expiry a payment without an end is no finding, as of the monitor. */
const ASK_FOR_DAYS = 30;

const buttons: Readonly<Record<string, string>> = {
  apart: 'It was settled otherwise, for example in cash: no account records it',
  record: 'The account records it after all, or anew',
  rows: 'The rows of the payout are right',
  aboveTotal: 'More was really taken than was asked for',
  reversed: 'The provider gives nothing back for what was reversed by hand',
  tellAnew: 'It belongs to another online payment or capture',
  settle: 'It needs no record',
  reopen: 'Open it again',
  reportReturn: 'The provider never took what is too much: it counts as given back',
  reportEnd: 'The provider takes nothing more for this payment',
};

const refusals: Readonly<Record<string, string>> = {
  MayNotSettle: 'This needs the role User Manager.',
  PartRecorded: 'The account has recorded it meanwhile: there is nothing to settle.',
  KeptRecorded: 'It is recorded meanwhile: there is nothing to settle.',
  KeptNotRecorded: 'It does not belong to this payment.',
};

/** The online payments that somebody must look at, and what is done about them. */
export function onlinePaymentScreens(app: Hono<DeskEnv>, desk: Desk): void {
  app.use('/online/*', (request, next) => {
    const { user } = request.var.session;
    if (user && maySettleOnline(user)) return next();
    return Promise.resolve(
      refusalPage(request, 403, 'Not permitted', 'Online payments are settled by user managers.'),
    );
  });
  app.get('/online', async (request) => {
    const { from = '', through = '' } = request.req.query();
    const { to, ...errors } = periodErrors(from, through);
    const isInvalid = to !== undefined || Object.keys(errors).length > 0;
    const lines = isInvalid ? [] : await linesOf(desk, filterOf(request));
    const alert = isInvalid
      ? html`<p>${[...Object.values(errors), to].filter(Boolean).join(' ')}</p>`
      : undefined;
    const shell = { title: 'Online payments', ...(alert && { alert }) };
    return request.html(
      page(request, shell, html`${filterForm(request)}${list(lines)}`),
      isInvalid ? 422 : 200,
    );
  });
  app.get('/online/:kind/:id', async (request) => {
    const line = await lineOf(desk, request);
    return line === undefined ? request.notFound() : request.html(linePage(request, line));
  });
  app.post('/online/:kind/:id', async (request) => {
    const { user } = request.var.session;
    const line = await lineOf(desk, request);
    if (user === undefined || line === undefined) return request.notFound();
    const form = await formOf(request);
    const reason = (form.get('reason') ?? '').trim();
    const action = line.actions.find((one) => keyOf(one) === form.get('action'));
    // Somebody else did it meanwhile: the page shows what is left.
    if (action === undefined) return request.html(linePage(request, line, 'Choose what to do.'), 422);
    if (reason === '') return request.html(linePage(request, line, 'Say why: it is kept in the books.'), 422);
    const onlinePaymentId = (form.get('onlinePaymentId') ?? '').trim();
    const of = (form.get('of') ?? '').trim();
    if (action.does === 'tellAnew' && onlinePaymentId === '')
      return request.html(linePage(request, line, 'Name the online payment that it belongs to.'), 422);
    const approval = approvalOf(form);
    const refused = await perform(desk, line, action, { reason, onlinePaymentId, of, user, ...approval });
    if (refused !== null) {
      const now = (await lineOf(desk, request)) ?? line;
      if (refused.type !== 'ApprovalRequired')
        return request.html(linePage(request, now, refusals[refused.type] ?? rejectionText(refused)), 409);
      const fields = approvalFields({ user, errors: {} }, now.currency ?? desk.policy.currency, refused);
      return request.html(linePage(request, now, 'Somebody else must approve it.', fields), 409);
    }
    return request.redirect(addressOf(line), 303);
  });
}

/** What a person gives. */
type Given = {
  readonly reason: string;
  readonly onlinePaymentId: string;
  /** The capture that a return takes back; empty if it is as it was told. */
  readonly of: string;
  readonly user: Staff;
  readonly approvedBy?: Approver;
};

type Refused = SettlePartRejection | SettleReportRejection | ReportRejection;

/** Does what a person chose. Returns why it is refused; null if it is done, or was before. */
async function perform(
  { store: accounts, office, policy, now }: Desk,
  line: OnlineLine,
  action: OnlineAction,
  { reason, onlinePaymentId, of, user, approvedBy }: Given,
): Promise<Refused | null> {
  const stores = { accounts, office };
  const by = { userId: user.userId, roles: [...user.roles] };
  const about = { institution, reason, at: now(), by, ...(approvedBy && { approvedBy }) };
  if (action.does === 'reportEnd' || action.does === 'reportReturn') {
    const told =
      action.does === 'reportEnd'
        ? { ended: { cause: 'completed', final: true } as const }
        : { returns: [action.returned] };
    const teller = { channel: 'desk', userId: user.userId } as const;
    const payment = { institution, onlinePaymentId: line.onlinePaymentId ?? '', at: about.at, reason };
    const report = { ...payment, ...told, by: teller };
    const { accepted, rejections } = await reportOnlinePayment(stores, policy, report);
    return accepted ? null : (rejections[0] ?? null);
  }
  if (action.does === 'settlePart') {
    const { does: _does, ...part } = action;
    const form = { ...about, onlinePaymentId: line.onlinePaymentId ?? '', ...part };
    const settled = await settleOnlinePart(stores, policy, form);
    return settled.accepted ? null : settled.rejection;
  }
  const anew = { onlinePaymentId, ...(of !== '' && { of }) };
  const how = { tellAnew: anew, settle: {}, reopen: { reopen: true } }[action.does];
  const settled = await settleOnlineReport(stores, policy, { ...about, keptId: action.keptId, ...how });
  return settled.accepted ? null : settled.rejection;
}

function filterOf(request: Request): Partial<OnlineListForm> {
  const { patron = '', finding = '', from = '', through = '' } = request.req.query();
  const state = stateOf(request);
  return {
    ...(Object.hasOwn(states, state) && { states: [state as OnlineListState] }),
    // What somebody would be reminded of: each has a finding that is open.
    ...(state === 'open' && { remindedAt: null }),
    ...(patron !== '' && { patronId: patron }),
    ...(Object.hasOwn(findings, finding) && { codes: [finding as OnlineFinding['code']] }),
    ...(from !== '' && { from }),
    ...(through !== '' && { through }),
  };
}

async function linesOf(
  { store: accounts, office, policy, now }: Desk,
  form: Partial<OnlineListForm>,
): Promise<readonly OnlineLine[]> {
  const lines: OnlineLine[] = [];
  const at = now();
  const whole = { institution, at, timeZone: place.timeZone, askForDays: ASK_FOR_DAYS, ...form };
  for await (const line of listOnlinePayments({ accounts, office }, policy, whole)) lines.push(line);
  return lines;
}

async function lineOf(desk: Desk, request: Request): Promise<OnlineLine | undefined> {
  const { kind, id = '' } = request.req.param() as { kind?: string; id?: string };
  const [line] = await linesOf(desk, kind === 'kept' ? { keptId: id } : { onlinePaymentId: id });
  return line;
}

function addressOf({ keptId, onlinePaymentId }: OnlineLine): string {
  return keptId === null
    ? `/online/payment/${encodeURIComponent(onlinePaymentId ?? '')}`
    : `/online/kept/${encodeURIComponent(keptId)}`;
}

/** The state that is chosen: at first what is to be done. */
function stateOf(request: Request): string {
  const query = request.req.query();
  return query.state ?? (Object.keys(query).length === 0 ? 'open' : 'all');
}

function filterForm(request: Request): Html {
  const { patron = '', finding = '', from = '', through = '' } = request.req.query();
  const choices = { open: 'Something to do', all: 'All', ...states };
  return html`<form method="get" class="filter"><p><label for="state">State</label>
<select id="state" name="state">${options(choices, stateOf(request))}</select></p>
<p><label for="finding">Finding</label>
<select id="finding" name="finding">${options({ '': 'Any or none', ...findings }, finding)}</select></p>
<p><label for="patron">Patron</label> <input id="patron" name="patron" value="${patron}"></p>
<p><label for="from">From</label> <input type="date" id="from" name="from" value="${from}">
<label for="through">to</label> <input type="date" id="through" name="through" value="${through}"> <button>Show</button></p></form>`;
}

function list(lines: readonly OnlineLine[]): Html {
  if (lines.length === 0) return html`<p>There are no such online payments.</p>`;
  const columns = [...named('Payment, and what to do', 'State'), ...amounts('Amount')];
  const rows = lines.map((line) => [
    html`<a href="${addressOf(line)}">${line.onlinePaymentId ?? 'None named'}</a>
${line.patronIds.join(', ')}${line.findings.map(({ message }) => html`<br>${message}`)}`,
    html`${states[line.state]}${line.at && html`<br>${day(line.at)}`}`,
    line.total && line.currency && money(line.total, line.currency),
  ]);
  return table('Online payments', columns, rows);
}

/** Names what can be done: its fields in their order. */
function keyOf(action: OnlineAction): string {
  return JSON.stringify(Object.entries(action));
}

function linePage(request: Request, line: OnlineLine, refused?: string, approval?: Html): Html {
  const { findings: open, settled, total, currency, at, state, patronIds } = line;
  const nameOf = (code: OnlineFinding['code']) => ({ ...findings })[code as string] ?? code;
  const found = open.map(
    ({ code, message, actions }) => html`<fieldset><legend>${nameOf(code)}</legend><p>${message}</p>
${actions.length === 0 && html`<p>Repair this first; the monitor does the rest.</p>`}
${actions.map((action) => choice(action))}</fieldset>`,
  );
  const ofFindings = new Set(open.flatMap((one) => one.actions).map(keyOf));
  const others = line.actions.filter((action) => !ofFindings.has(keyOf(action)));
  const canAct = line.actions.length > 0;
  const form = html`<form method="post" action="${addressOf(line)}">${csrf(request)}${found}
${others.length > 0 && html`<fieldset><legend>A person settled it.</legend>${others.map(choice)}</fieldset>`}
${
  canAct &&
  html`<p><label for="reason">Reason</label> <input id="reason" name="reason" maxlength="200" required></p>${approval}
<p class="buttons"><button>Do this</button> <a class="button" href="/online">Back</a></p>`
}</form>`;
  const history = settled.map(
    ({ what, amount, reason, by, at: settledAt }) =>
      html`<li>${moment(settledAt)}, ${by.userId ? staffName(by.userId) : 'a job'}: ${buttons[what] ?? what} (${amount} ${currency}). ${reason}</li>`,
  );
  const alert = refused === undefined ? undefined : html`<p>${refused}</p>`;
  return page(
    request,
    { title: 'Online payment', ...(alert && { alert }) },
    html`<p>${states[state]}${at && html`, ${moment(at)}`}${total && currency && html`, ${money(total, currency)}`}${patronIds.length > 0 && html`, ${patronIds.join(', ')}`}</p>
${canAct || found.length > 0 ? form : html`<p>There is nothing to do.</p>`}
${history.length > 0 && html`<h2>Settled before</h2><ul>${history}</ul>`}`,
  );
}

function choice(action: OnlineAction): Html {
  const key = keyOf(action);
  const name = buttons[action.does === 'settlePart' ? action.what : action.does];
  const payment =
    action.does === 'tellAnew' &&
    html`<p><label for="onlinePaymentId">The online payment that it belongs to</label>
<input id="onlinePaymentId" name="onlinePaymentId" maxlength="200"></p>
<p><label for="of">The capture that money went back of, if it is another one</label>
<input id="of" name="of" maxlength="200"></p>`;
  return html`<p><label><input type="radio" name="action" value="${key}" required> ${name}</label></p>${payment}`;
}
