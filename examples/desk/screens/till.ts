import type { Hono } from 'hono';
import { html } from 'hono/html';
import {
  type PaymentsColumn,
  paymentsColumns,
  paymentsReportCsv,
  runPaymentsReport,
} from 'patron-fees/reports';
import { desks, institution, libraries, nameIn, place, policy } from '../desk.js';
import { type FieldErrors, fieldError, invalid, periodErrors } from '../fieldErrors.js';
import { type Html, money, page, refusalPage } from '../pages.js';
import type { DeskEnv, Request } from '../session.js';
import { mayReadTill, staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';

const names: Readonly<Record<PaymentsColumn, string>> = {
  day: 'Day',
  library: 'Library',
  desk: 'Desk',
  channel: 'Channel',
  user: 'Staff',
  tillSession: 'Till session',
  method: 'Method',
  owner: 'Fee owner',
  feeType: 'Fee type',
};

/** The till: what was taken in, net of refunds and reversals, as a page and as a file. */
export function tillScreens(app: Hono<DeskEnv>): void {
  app.get('/till', async (request) => {
    const { user } = request.var.session;
    if (user === undefined || !mayReadTill(request.var.desk.policy, user)) {
      const text = 'The till is for circulation desk managers.';
      return refusalPage(request, 403, 'Not permitted', text);
    }
    const { from, through: to } = period(request);
    const errors = periodErrors(from, to);
    if (Object.keys(errors).length > 0) return request.html(tillPage(request, undefined, errors), 422);
    const report = await reportOf(request);
    if (request.req.query('format') !== 'csv') return request.html(tillPage(request, report));
    request.header('Content-Disposition', 'attachment; filename="till.csv"');
    return request.body(paymentsReportCsv(report), 200, { 'Content-Type': 'text/csv; charset=utf-8' });
  });
}

/** The days that the address names; the last 30 if it names none. */
export function period(request: Request) {
  const day = (at: number) => new Date(at).toLocaleDateString('sv-SE', { timeZone: place.timeZone });
  const today = Date.parse(request.var.desk.now());
  const { from, to } = request.req.query();
  return { from: from || day(today - 30 * 86_400_000), through: to || day(today) };
}

/** The fields for the first and the last day of a report. */
export function periodFields(
  { from, through }: { readonly from: string; readonly through: string },
  errors: FieldErrors,
): Html {
  return html`<label for="from">From</label> <input type="date" id="from" name="from" value="${from}"${invalid(errors, 'from')}>${fieldError(errors, 'from')}
<label for="to">to</label> <input type="date" id="to" name="to" value="${through}"${invalid(errors, 'to')}>${fieldError(errors, 'to')}`;
}

function chosenColumns(request: Request): readonly PaymentsColumn[] {
  const chosen = new URL(request.req.url).searchParams.getAll('by');
  const known = paymentsColumns.filter((column) => chosen.includes(column));
  return known.length === 0 ? ['desk', 'method'] : known;
}

function reportOf(request: Request) {
  const { store, policy } = request.var.desk;
  const form = { institution, timeZone: place.timeZone, ...period(request), columns: chosenColumns(request) };
  return runPaymentsReport(store, policy, form);
}

function tillPage(
  request: Request,
  report: Awaited<ReturnType<typeof reportOf>> | undefined,
  errors: FieldErrors = {},
): Html {
  const { from, through: to } = period(request);
  const by = chosenColumns(request);
  const boxes = paymentsColumns.map(
    (
      column,
    ) => html`<span class="choice"><input type="checkbox" id="by-${column}" name="by" value="${column}"${by.includes(column) && html` checked`}>
<label for="by-${column}">${names[column]}</label></span> `,
  );
  const query = new URLSearchParams({ from, to, format: 'csv' });
  for (const column of by) query.append('by', column);
  const content = html`<form method="get" class="filter"><p>${periodFields({ from, through: to }, errors)}</p>
<fieldset><legend>Add up by</legend>${boxes}</fieldset><p><button>Show</button></p></form>
${report && tillTable(report)}${report && html`<p class="buttons"><a class="button" href="/till?${query}">Download as CSV</a></p>`}`;
  return page(request, { title: 'Till', errors }, content);
}

const channels: Readonly<Record<string, string>> = {
  ...{ desk: 'At a desk', selfCheck: 'Self-check', online: 'Online', job: 'By a job', import: 'Imported' },
};

/** A value of a column, as people name it. */
function nameOf(column: PaymentsColumn, code: string): string {
  if (column === 'user') return staffName(code);
  if (column === 'desk') return nameIn(desks, code);
  if (column === 'channel') return channels[code] ?? code;
  if (column === 'method') return policy.paymentMethods[code] ?? code;
  if (column === 'feeType') return policy.feeTypes[code]?.label ?? code;
  return column === 'owner' || column === 'library' ? nameIn(libraries, code) : code;
}

function tillTable({ rows, columns: by, total, currency }: Awaited<ReturnType<typeof reportOf>>): Html {
  const figures = ['gross', 'reversed', 'refunded', 'net'] as const;
  const columns = [
    ...named(...by.map((column) => names[column])),
    ...amounts('Payments', 'Taken', 'Reversed', 'Refunded', 'Net'),
  ];
  const lines = [...rows, { ...total, desk: 'Total' }].map((row, index) => {
    const isTotal = index === rows.length;
    const keys = by.map((column, place) =>
      isTotal ? (place === 0 ? 'Total' : '') : nameOf(column, row[column] ?? 'none'),
    );
    return [...keys, row.payments, ...figures.map((figure) => money(row[figure], currency))];
  });
  return table('Payments', columns, lines);
}
