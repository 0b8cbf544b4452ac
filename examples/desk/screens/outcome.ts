import { html } from 'hono/html';
import { type Command, decide, fold } from 'patron-fees';
import { summary } from 'patron-fees/views';
import type { FormVisit } from '../action.js';
import { type Html, money } from '../pages.js';
import { feeName } from '../recordedText.js';
import { text } from './money.js';

/** What a command will do: each event, and the active balance before and after. The decision itself says it. */
export function outcome(visit: FormVisit, command: Command, what: string): Html {
  const { account, request, values } = visit;
  const { policy } = request.var.desk;
  const { events } = decide(command, account, policy, { now: command.at });
  const done = events.flatMap(({ type, data }) => {
    if (!('amount' in data)) return [];
    const credit = type === 'LostItemCreditIssued' && ' as a credit beside the fee';
    const name = 'feeId' in data && data.feeId && html`: <bdi>${feeName(visit, data.feeId)}</bdi>`;
    return [html`<li>${money(data.amount, data.currency)} ${what}${credit}${name}</li>`];
  });
  const [before, after] = [summary(account, policy), summary(fold(events, account), policy)];
  const reason = policy.waiveReasons[text(values, 'reason') ?? '']?.label;
  const texts = [
    ['Reason', reason],
    ['Comment (the patron can see it)', text(values, 'comment')],
    ['Note for staff', text(values, 'staffNote')],
  ].filter(([, given]) => given !== undefined);
  return html`<ul>${done}</ul>${texts.map(([name, given]) => html`<p>${name}: <bdi>${given}</bdi></p>`)}
<p>Active balance: ${money(before.active, before.currency)}, then ${money(after.active, after.currency)}.
Disputed balance: ${money(before.disputed, before.currency)}, then ${money(after.disputed, after.currency)}.</p>`;
}
