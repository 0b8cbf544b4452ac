import type { Hono } from 'hono';
import { html } from 'hono/html';
import { runAdjustments, type SplitCommands } from 'patron-fees/reports';
import { institution, place } from '../desk.js';
import { periodErrors } from '../fieldErrors.js';
import { type Html, money, page, refusalPage } from '../pages.js';
import { eventWords } from '../recordedText.js';
import type { DeskEnv } from '../session.js';
import { mayReadTill, staff, staffName } from '../staff.js';
import { amounts, named, table } from '../table.js';
import { period, periodFields } from './till.js';

/** What somebody gave in parts within 24 hours, each within what they may give alone, that are above it together. */
export function splitScreens(app: Hono<DeskEnv>): void {
  app.get('/splits', async (request) => {
    const { store, office, policy } = request.var.desk;
    const { user } = request.var.session;
    if (user === undefined || !mayReadTill(policy, user))
      return refusalPage(request, 403, 'Not permitted', 'This report is for circulation desk managers.');
    const days = period(request);
    const errors = periodErrors(days.from, days.through);
    const form = html`<form method="get" class="filter">${periodFields(days, errors)} <button>Show</button></form>`;
    const title = 'Limits passed in parts';
    if (Object.keys(errors).length > 0) return request.html(page(request, { title, errors }, form), 422);
    const roles = Object.fromEntries(staff.map(({ userId, roles: own }) => [userId, own]));
    const report = { ...days, institution, timeZone: place.timeZone, roles };
    const { splits } = await runAdjustments({ accounts: store, office }, policy, report);
    const nameOf = (patronId: string) => request.var.desk.directory.find(patronId)?.name ?? patronId;
    const columns = [
      { name: 'Patron or place', head: true },
      ...named('Day', 'By', 'What'),
      ...amounts('Limit', 'Parts', 'Together'),
    ];
    const rows = splits.map((split) => splitRow(split, policy.currency, nameOf));
    const found =
      rows.length === 0
        ? html`<p>Nothing in these days.</p>`
        : table('Parts above a limit together', columns, rows);
    return request.html(page(request, { title }, html`${form}${found}`));
  });
}

function splitRow(split: SplitCommands, currency: string, nameOf: (patronId: string) => string) {
  const { patronId, office, day, user, command, limit, count, amount } = split;
  const place: Html =
    patronId === null
      ? html`${office}`
      : html`<a href="/patrons/${encodeURIComponent(patronId)}/statement"><bdi>${nameOf(patronId)}</bdi></a>`;
  return [
    place,
    day,
    staffName(user),
    eventWords({ type: command }),
    money(limit, currency),
    count,
    money(amount, currency),
  ];
}
