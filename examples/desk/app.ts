import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { isPatronFeesError } from 'patron-fees';
import { type Action, registerAction } from './action.js';
import type { Desk } from './desk.js';
import type { FieldErrors } from './fieldErrors.js';
import { keyScreens } from './keys.js';
import { type Html, page, refusalPage } from './pages.js';
import { noticeAfter, openPatron, type PatronVisit, patronTabs } from './patronVisit.js';
import { bulkWaiveScreens } from './screens/bulkWaive.js';
import { applyCredit, refundCredit } from './screens/credits.js';
import { dispute, restore, returnItem } from './screens/disputes.js';
import { feesTab } from './screens/fees.js';
import { findScreens } from './screens/find.js';
import { letterScreens } from './screens/letters.js';
import { mailScreens } from './screens/mail.js';
import { mergeScreens } from './screens/merge.js';
import { addFee, pay } from './screens/money.js';
import { networkTab } from './screens/network.js';
import { noticeScreens } from './screens/notices.js';
import { onlinePaymentScreens } from './screens/onlinePayments.js';
import { blocksTab, generalTab, patronServices } from './screens/patron.js';
import { payTogetherScreens } from './screens/payTogether.js';
import { receiptScreen, statementErrors, statementScreen, transactionsScreen } from './screens/records.js';
import { reportScreen, reportScreens } from './screens/report.js';
import { transfer, waive } from './screens/selected.js';
import { splitScreens } from './screens/splits.js';
import { studentSystemScreens } from './screens/studentSystem.js';
import { tillScreens } from './screens/till.js';
import { tillSessionScreens } from './screens/tillSession.js';
import { undo } from './screens/undo.js';
import { checkedForms, type DeskEnv, sessions } from './session.js';
import { beginVisit, leaveScreens, saveOrCancel } from './visitChanges.js';

/** Nothing but the desk's own files and forms; no inline script and no inline style. */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'self'"],
};

/** The preview of an e-mail, and a receipt on paper: its styles are inline, as mail programs need them; nothing else is loaded, and no script runs. */
const mailPolicy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'unsafe-inline'"],
  baseUri: ["'none'"],
  frameAncestors: ["'self'"],
};

const fileTypes = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const;

/** A patron's page that only shows something. */
type Screen = (visit: PatronVisit) => Html | undefined | Promise<Html | undefined>;

const screens: readonly (readonly [
  path: string,
  title: string,
  screen: Screen,
  errors?: (visit: PatronVisit) => FieldErrors,
])[] = [
  ['', 'Patron Services', patronServices],
  ['/details', 'User Details: General', generalTab],
  ['/fees', 'User Details: Fines/Fees', feesTab],
  ['/blocks', 'User Details: Blocks', blocksTab],
  ['/network', 'User Details: Network Activity', networkTab],
  ['/statement', 'User Details: Statement', statementScreen, statementErrors],
  ['/report/:formId', 'Send activity report', reportScreen],
  ['/rows/:rowId', 'Transactions', transactionsScreen],
  ['/receipts/:paymentId', 'Payment', receiptScreen],
];

/** The forms about a patron's account. */
export const actions: readonly Action[] = [
  pay,
  addFee,
  waive,
  dispute,
  restore,
  returnItem,
  transfer,
  applyCredit,
  refundCredit,
  undo,
];

/** The names of this computer. */
const localHosts = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The desk as an application over the Fetch API: `fetch(request)` answers with a page.
 *
 * @param hosts - the host names by which browsers reach the desk, without a port
 */
export function deskApp(desk: Desk, hosts: readonly string[] = localHosts): Hono<DeskEnv> {
  const app = new Hono<DeskEnv>();
  // Another host is a page of somebody else whose name leads here (DNS rebinding).
  app.use((request, next) => {
    const { hostname } = new URL(request.req.url);
    return hosts.includes(hostname) ? next() : Promise.resolve(request.text('Unknown host', 421));
  });
  const headers = (policy: object) =>
    secureHeaders({ contentSecurityPolicy: policy, xFrameOptions: false, referrerPolicy: 'same-origin' });
  const [pages, mail] = [headers(contentSecurityPolicy), headers(mailPolicy)];
  app.use((request, next) =>
    (/\/(report\/mail|print)$/.test(request.req.path) ? mail : pages)(request, next),
  );
  for (const [ending, type] of Object.entries(fileTypes)) {
    const file = readFileSync(new URL(`./static/desk.${ending}`, import.meta.url), 'utf8');
    app.get(`/static/desk.${ending}`, (request) => request.body(file, 200, { 'Content-Type': type }));
  }
  app.use(async (request, next) => {
    request.set('desk', desk);
    await next();
    // The back button shows a form as it was left; figures are always loaded again.
    request.res.headers.set('Cache-Control', 'private, no-cache');
  });
  app.use(sessions(desk));
  const upTo = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: (request) =>
        refusalPage(
          request,
          413,
          'Too long',
          'The form is too long, so nothing was done. Shorten its texts or its file.',
        ),
    });
  const form = upTo(100_000);
  const withFile = new Map([
    ['/student-system/import', upTo(5_000_000)],
    ['/bulk-waive', upTo(10_000_000)],
  ]);
  app.use((request, next) => (withFile.get(request.req.path) ?? form)(request, next));
  app.use(checkedForms);
  findScreens(app);
  reportScreens(app);
  mailScreens(app);
  letterScreens(app);
  for (const [path, title, screen, errorsOf] of screens) {
    app.get(`/patrons/:patronId${path}`, async (request) => {
      const visit = await openPatron(request);
      const content = visit && (await screen(visit));
      if (visit === undefined || content === undefined) return request.notFound();
      const isTab = title.startsWith('User Details');
      if (isTab) beginVisit(visit);
      const shell = {
        title,
        tabs: patronTabs(visit),
        notice: await noticeAfter(visit),
        errors: errorsOf?.(visit),
      };
      return request.html(page(request, shell, html`${content}${isTab && saveOrCancel(visit)}`));
    });
  }
  for (const action of actions) registerAction(app, action);
  leaveScreens(app, desk);
  studentSystemScreens(app, desk);
  noticeScreens(app, desk);
  payTogetherScreens(app);
  mergeScreens(app);
  tillScreens(app);
  tillSessionScreens(app);
  splitScreens(app);
  onlinePaymentScreens(app, desk);
  keyScreens(app);
  bulkWaiveScreens(app, desk);
  app.notFound((request) => refusalPage(request, 404, 'Not found', 'There is nothing at this address.'));
  app.onError((error, request) => {
    if (isPatronFeesError(error, 'INVALID_ARGUMENT'))
      return refusalPage(request, 422, 'This cannot be shown', error.message);
    console.error(error);
    const alert = html`<p>Something went wrong. If you were sending a form, send it again: it is never done twice.</p>`;
    return request.html(
      page(request, { title: 'Error', alert }, html`<p><a href="/">Find a patron</a></p>`),
      500,
    );
  });
  return app;
}
