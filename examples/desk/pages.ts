import { html } from 'hono/html';
import type { FeePolicy } from 'patron-fees';
import { bulkWaiveRefusal } from './bulkJobs.js';
import { place } from './desk.js';
import { errorSummary, type FieldErrors } from './fieldErrors.js';
import { keysOfPages } from './keys.js';
import type { Request } from './session.js';
import { mayExport, mayReadTill, maySendNotices, maySettleOnline, roleLabels } from './staff.js';

/** HTML that is safe to send: everything put into the template was escaped. */
export type Html = ReturnType<typeof html>;

/** What a page shows besides its content. */
export type Shell = {
  readonly title: string;
  /** Parts of the page below the title, such as the tabs of a patron. */
  readonly tabs?: Html;
  /** What was done, read aloud by screen readers. */
  readonly notice?: string | Html | undefined;
  /** What was not found, read aloud by screen readers. */
  readonly nothing?: string | undefined;
  /** Why something was not done. */
  readonly alert?: Html | undefined;
  /** The fields that are not right: told in the alert, each with a link. */
  readonly errors?: FieldErrors | undefined;
  readonly head?: Html;
};

/** A page of the desk. */
export function page(request: Request, shell: Shell, content: Html): Html {
  // A page that says that the database failed has no session.
  const user = request.var.session?.user;
  const { title, tabs, notice, nothing, errors = {} } = shell;
  const ids = Object.keys(errors);
  const hasFields = ids.length > 0 && ids.every((id) => String(content).includes(`id="${id}"`));
  const alert = hasFields ? errorSummary(errors) : shell.alert;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${alert ? 'Error: ' : ''}${title} – The desk</title>
<link rel="stylesheet" href="/static/desk.css">
<link rel="icon" href="/static/desk.svg">
<script type="module" src="/static/desk.js"></script>
${shell.head}
</head>
<body data-keys="${user && keysOfPages}">
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="brand"><a href="/">The desk</a></p>
${user && searchBar(request)}${user && navigation(request)}
</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${tabs}
<div role="status">${notice && html`<p class="notice" tabindex="-1">${notice}</p>`}${nothing && html`<p class="nothing">${nothing}</p>`}</div>
${alert && alertBox(alert, hasFields)}
${content}
</main>
${user && html`<footer><a href="/keys">Keyboard shortcuts</a> <span>${user.name}: ${user.roles.map((role) => roleLabels[role]).join(', ')}</span></footer>`}
</body>
</html>`;
}

/** Why something was not done; a screen reader reads it first. Without fields that are not right, it has the focus. */
export function alertBox(content: Html, hasFields = false): Html {
  return html`<div role="alert" class="alert" tabindex="-1"${!hasFields && html` autofocus`}>${content}</div>`;
}

/** The search bar of every page: a name, its parts in any order, or part of a barcode. */
function searchBar(request: Request): Html {
  const words = request.req.path === '/users' ? request.req.query('patron') : '';
  return html`<form method="get" action="/users" role="search" class="bar" aria-label="Users">
<label for="users" class="hidden">Search users</label>
<input id="users" name="patron" value="${words}" placeholder="Name or barcode" autocomplete="off"><button class="quiet">Search</button></form>`;
}

/** The menus: where the guide looks for each page. */
function navigation(request: Request): Html {
  const { user } = request.var.session;
  if (!user) return html``;
  const { policy } = request.var.desk;
  const menus: readonly (readonly [menu: string, groups: readonly MenuGroup[]])[] = [
    [
      'Fulfillment',
      [
        ['Checkout/Checkin', [['/', 'Manage Patron Services']]],
        [
          'Payments',
          [
            mayReadTill(policy, user) && ['/till', 'Till'],
            mayReadTill(policy, user) && ['/till-session', 'Open and count the till'],
            mayReadTill(policy, user) && ['/splits', 'Limits passed in parts'],
            maySettleOnline(user) && ['/online', 'Online payments'],
            mayExport(policy, user) && ['/student-system', 'Student system'],
          ],
        ],
      ],
    ],
    [
      'Admin',
      [
        [
          'User Management',
          [!bulkWaiveRefusal(request.var.desk, user) && ['/bulk-waive', 'Bulk Fine Waiving']],
        ],
        ['Communication', [maySendNotices(user) && ['/notices', 'Notices']]],
      ],
    ],
  ];
  const groupList = ([group, links]: MenuGroup) => {
    const shown = links.filter((link) => link !== false);
    return (
      shown.length > 0 &&
      html`<li><span class="menu-group">${group}</span><ul class="menu-links">${shown.map(
        ([address, name]) =>
          html`<li><a href="${address}"${request.req.path === address && html` aria-current="page"`}>${name}</a></li>`,
      )}</ul></li>`
    );
  };
  return html`<nav aria-label="Desk" class="menus">${menus.map(
    ([menu, groups]) =>
      html`<details name="menu"><summary>${menu}</summary><ul class="menu">${groups.map(groupList)}</ul></details>`,
  )}</nav>
<form method="post" action="/sign-out" class="user">${csrf(request)}
<span>${user.name}</span> <button class="quiet">Sign out</button></form>`;
}

type MenuGroup = readonly [
  group: string,
  links: readonly (false | readonly [address: string, name: string])[],
];

/** The hidden field that ties a form to the session that it was made for. */
export function csrf(request: Request): Html {
  return html`<input type="hidden" name="csrf" value="${request.var.session.csrf}">`;
}

/** Answers that something cannot be done or found. */
export function refusalPage(
  request: Request,
  status: 403 | 404 | 413 | 422,
  title: string,
  text: string | Html,
) {
  const alert = html`<p>${text}</p>`;
  return request.html(page(request, { title, alert }, html`<p><a href="/">Find a patron</a></p>`), status);
}

/** An amount with its currency. */
export function money(amount: string, currency: string): Html {
  return html`<span class="money">${amount.replace('-', '−')} ${currency}</span>`;
}

/** A number of things, such as "1 fee" or "2 fees"; the only two forms of English. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString(place.locale)} ${count === 1 ? singular : plural}`;
}

/** An e-mail address, which breaks before its sign where the line is short. */
export function mailAddress(email: string): Html {
  return html`${email.replace(/@.*/s, '')}<wbr>${email.replace(/^[^@]*/, '')}`;
}

/** A moment, in the time zone of the library. */
export function moment(at: string): Html {
  const { locale, timeZone } = place;
  const text = new Date(at).toLocaleString(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  return html`<time datetime="${at}">${text}</time>`;
}

/** The day of a moment, for lists. */
export function day(at: string): Html {
  const { locale, timeZone } = place;
  return html`<time datetime="${at}">${new Date(at).toLocaleDateString(locale, { timeZone, dateStyle: 'medium' })}</time>`;
}

/** The options of a list: code and label each. */
export function options(
  list: Readonly<Record<string, string | { readonly label: string }>>,
  chosen: string | null,
): Html[] {
  return Object.entries(list).map(([code, entry]) => {
    const label = typeof entry === 'string' ? entry : entry.label;
    return html`<option value="${code}"${code === chosen && html` selected`}>${label}</option>`;
  });
}

/** The fee types of a policy that a person may choose, by code. */
export function feeTypeLabels(policy: FeePolicy, which: 'manual' | 'waiveable'): Record<string, string> {
  const types = Object.entries(policy.feeTypes).filter(([, rule]) => rule[which] && !rule.retired);
  return Object.fromEntries(types.map(([code, { label }]) => [code, label]));
}
