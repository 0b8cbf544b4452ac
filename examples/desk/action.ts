import type { Hono } from 'hono';
import { html } from 'hono/html';
import {
  type Command,
  decide,
  isPatronFeesError,
  type PermittedCommand,
  permissionFor,
  type Rejection,
} from 'patron-fees';
import { execute } from 'patron-fees/history';
import { approvalFields, approvalOf, approverIn } from './approval.js';
import { actorAt } from './atDesk.js';
import { institution } from './desk.js';
import { type FieldErrors, rejectionErrors } from './fieldErrors.js';
import { csrf, type Html, money, page, refusalPage } from './pages.js';
import { noticeAfter, openPatron, type PatronVisit, patronTabs } from './patronVisit.js';
import { formText, quotedName, secondId } from './recordedText.js';
import { refusalText } from './refusalText.js';
import { type DeskEnv, formOf, type Request } from './session.js';
import { changeTexts } from './visitChanges.js';

/** A form that gives a command: what it is filled with, and which patron it is about. */
export type FormVisit = PatronVisit & {
  readonly formId: string;
  /** What the address or the form sent says. */
  readonly values: URLSearchParams;
  /** The fields that were refused. */
  readonly errors: FieldErrors;
};

/** A screen with a form that does something to a patron's account. */
export type Action = {
  /** The last part of its address. */
  readonly path: string;
  readonly title: string;
  readonly commandType: PermittedCommand;
  /** The types of command that it may give instead, by what is chosen. */
  readonly otherTypes?: readonly PermittedCommand[];
  readonly fields: (visit: FormVisit) => Html;
  /** The command of a form that was sent, without what all commands have; `type` if it is not the action's. */
  readonly command: (visit: FormVisit) => object;
  /** The second command of the same type that a form may give, as {@link secondId} names it: both are done or none. */
  readonly second?: (visit: FormVisit) => object | undefined;
  /** What will happen, where that has to be confirmed first. */
  readonly confirmation?: (visit: FormVisit, command: Command) => Html;
  readonly buttons: readonly { readonly name: string; readonly value: string; readonly label: string }[];
  /** Where to go on when it is done. */
  readonly next: (visit: FormVisit) => string;
};

/** Everything on a form that says why it was not taken. */
type Trouble = {
  readonly status: 403 | 409 | 422;
  readonly alert: Html;
  readonly errors?: FieldErrors;
  readonly rejection?: Rejection;
};

/**
 * Registers an action. Each opened form has an id, in its address, and the command is recorded under it: a form that is
 * sent twice, by a double click, by the back button or after a crash, is recorded once.
 */
export function registerAction(app: Hono<DeskEnv>, action: Action): void {
  const address = `/patrons/:patronId/${action.path}`;
  app.get(address, (request) => {
    const { search, pathname } = new URL(request.req.url);
    return request.redirect(`${pathname}/${request.var.desk.newId()}${search}`, 303);
  });
  app.get(`${address}/:formId`, async (request) => {
    const visit = await openForm(request, new URL(request.req.url).searchParams);
    if (visit === undefined) return noPatron(request);
    const used = visit.account.ids.some(({ id }) => id === visit.formId);
    return used && visit.may(action.commandType)
      ? doneBefore(request, action, visit)
      : formPage(request, action, visit);
  });
  app.post(`${address}/:formId`, async (request) => {
    const visit = await openForm(request, await formOf(request));
    return visit === undefined ? noPatron(request) : send(request, action, visit);
  });
}

async function openForm(request: Request, values: URLSearchParams): Promise<FormVisit | undefined> {
  const visit = await openPatron(request);
  return visit && { ...visit, formId: request.req.param('formId') ?? '', values, errors: {} };
}

async function send(request: Request, action: Action, visit: FormVisit) {
  // Also where the command itself asks for no role.
  if (!visit.may(action.commandType)) return formPage(request, action, visit);
  const { store, policy, now } = request.var.desk;
  const { user, account, values, patron } = visit;
  const by = await actorAt(request.var.desk, user);
  const base = { type: action.commandType, id: visit.formId, at: now(), by, ...approvalOf(values) };
  const command = { ...base, ...action.command(visit) } as Command;
  const more = action.second?.(visit);
  const commands = [command, ...(more ? [{ ...base, id: secondId(visit.formId), ...more } as Command] : [])];
  const planned = decide(commands, account, policy, { now: base.at });
  // Reports what the user may not do, and a form that is sent again with other contents, whatever others have done since.
  if (!planned.accepted && ['NotPermitted', 'IdAlreadyUsed'].includes(planned.rejection.type))
    return formPage(request, action, visit, refused(visit, planned.rejection));
  // Before a refusal that comes from what somebody else did meanwhile, that is told.
  if (visit.version !== Number(values.get('version')) && !(planned.accepted && planned.repeats))
    return formPage(request, action, visit, await changedMeanwhile(request, visit));
  if (action.confirmation && !values.has('confirmed')) {
    if (!planned.accepted) return formPage(request, action, visit, refused(visit, planned.rejection));
    if (!planned.repeats)
      return confirmationPage(request, action, visit, action.confirmation(visit, command));
  }
  try {
    const expectedVersion = Number(values.get('version'));
    const stream = { institution, patronId: patron.patronId };
    const { decision } = await execute(store, policy, stream, commands, { expectedVersion, now: base.at });
    if (!decision.accepted) return formPage(request, action, visit, refused(visit, decision.rejection));
    const query = new URLSearchParams({ recorded: visit.formId, ...(decision.repeats && { again: '1' }) });
    return request.redirect(`${action.next(visit)}?${query}`, 303);
  } catch (error) {
    if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    const fresh = (await openForm(request, values)) ?? visit;
    return formPage(request, action, fresh, await changedMeanwhile(request, fresh));
  }
}

function refused(visit: FormVisit, rejection: Rejection): Trouble {
  const status = rejection.kind === 'invalid' ? 422 : rejection.kind === 'forbidden' ? 403 : 409;
  if (rejection.type !== 'IdAlreadyUsed') {
    const named =
      rejection.type === 'AccountMerged'
        ? {
            ...rejection,
            into: visit.request.var.desk.directory.find(rejection.into)?.name ?? rejection.into,
          }
        : rejection;
    const text = refusalText(named, (id) => quotedName(visit, id));
    const errors = rejectionErrors(rejection, text, visit.values);
    return { status, alert: html`<p>${text}</p>`, errors, rejection };
  }
  const alert = html`<p>This form was sent before, with other contents, and that was recorded. Nothing was done now.
Open a new form if there is more to do.</p>`;
  return { status, alert, rejection };
}

/** Says what others did while a form was open. */
async function changedMeanwhile(request: Request, visit: FormVisit): Promise<Trouble> {
  const after = Number(visit.values.get('version'));
  const { events } = await request.var.desk.store.read(visit.stream, { after });
  const alert = html`<p>Somebody else changed this account while the form was open. Nothing was done. Check the figures,
which are now the new ones, and send the form again.</p><ul>${changeTexts(visit, events)}</ul>`;
  return { status: 409, alert };
}

/** The page of a form; without the form for somebody who may not give its command. */
async function formPage(request: Request, action: Action, visit: FormVisit, trouble?: Trouble) {
  const { policy } = request.var.desk;
  const { limit, rejection } = permissionFor(policy, action.commandType, visit.user.roles);
  const problem = rejection === null ? trouble : refused(visit, rejection);
  const content =
    rejection === null
      ? form(request, action, { ...visit, errors: problem?.errors ?? {} }, problem?.rejection, limit)
      : html`<p><a href="${visit.address}/fees">Back to the fines and fees</a></p>`;
  const shell = {
    title: action.title,
    tabs: patronTabs(visit),
    notice: await noticeAfter(visit),
    alert: problem?.alert,
    errors: rejection === null ? problem?.errors : undefined,
  };
  return request.html(page(request, shell, content), problem?.status ?? 200);
}

function form(
  request: Request,
  action: Action,
  visit: FormVisit,
  rejection: Rejection | undefined,
  limit: string | null,
): Html {
  const buttons = action.buttons.map(
    ({ name, value, label }) => html`<button name="${name}" value="${value}">${label}</button>`,
  );
  return html`<form method="post" action="${addressOf(visit, action)}">${hidden(request, visit.version)}
${limit !== null && html`<p>Your roles allow up to ${money(limit, request.var.desk.policy.currency)} with one form.</p>`}
${action.fields(visit)}
${rejection?.type === 'ApprovalRequired' && approvalFields(visit, visit.request.var.desk.policy.currency, rejection)}
<p class="buttons">${buttons} <a href="${visit.address}/fees">Cancel</a></p>
</form>${rejection?.type === 'IdAlreadyUsed' && html`<p><a href="${visit.address}/${action.path}">New form</a></p>`}`;
}

function confirmationPage(request: Request, action: Action, visit: FormVisit, what: Html) {
  const kept = [...visit.values].filter(([name]) => name !== 'csrf' && name !== 'version');
  const back = new URLSearchParams(kept);
  const approver = approverIn(visit.values);
  const upTo = visit.values.get('upTo');
  const content = html`<form method="post" action="${addressOf(visit, action)}">${hidden(request, visit.values.get('version'))}
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<section class="confirm" aria-labelledby="question"><h2 id="question">Do you want this?</h2>${what}
${approver && upTo && html`<p>${approver.name} approves up to ${money(upTo, request.var.desk.policy.currency)}.</p>`}</section>
<p class="buttons"><button name="confirmed" value="yes" autofocus>Confirm</button>
<a href="${addressOf(visit, action)}?${back}">Back</a></p></form>`;
  return request.html(page(request, { title: `${action.title}: confirm`, tabs: patronTabs(visit) }, content));
}

async function doneBefore(request: Request, action: Action, visit: FormVisit) {
  const content = html`<p>This form was sent and recorded: ${await formText(visit, visit.formId)}. It does nothing more.</p>
<p><a href="${action.next(visit)}?recorded=${visit.formId}">Show what was recorded</a>,
<a href="${visit.address}/${action.path}">open a new form</a> or <a href="${visit.address}">go to the patron</a>.</p>`;
  return request.html(page(request, { title: action.title, tabs: patronTabs(visit) }, content));
}

/** What a form carries unseen: for whom it was made, and the version of the account that it shows. */
function hidden(request: Request, version: number | string | null): Html {
  return html`${csrf(request)}<input type="hidden" name="version" value="${version}">`;
}

function addressOf({ address, formId }: FormVisit, { path }: Action): string {
  return `${address}/${path}/${formId}`;
}

function noPatron(request: Request) {
  return refusalPage(request, 404, 'No such patron', 'There is no patron with this id.');
}
