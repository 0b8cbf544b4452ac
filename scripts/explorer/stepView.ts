import { html, raw } from 'hono/html';
import { formatAmount, minorDigits, type PatronAccount, rejectionText } from 'patron-fees';
import { ledgerAccountName } from 'patron-fees/reports';
import { finesAndFees, type Summary, summary } from 'patron-fees/views';
import { balancesChart } from './balancesChart.js';
import { type OfficeStep, officeFields } from './officeStory.js';
import type { StoryStep } from './story.js';

/** HTML that is safe to show: everything put into the template was escaped. */
export type Html = ReturnType<typeof html>;

const figures = ['active', 'disputed', 'transferred', 'payable'] as const;

/** One step of a story: the command, what was decided, and what changed. */
export function stepView(step: StoryStep): Html {
  return html`<section aria-labelledby="decided"><h2 id="decided">Decided</h2>${decided(step)}</section>
${
  step.events.length > 0 &&
  html`<section aria-labelledby="events"><h2 id="events">Events</h2>
${step.events.map((event) => html`<pre>${JSON.stringify(event, null, 2)}</pre>`)}</section>`
}
${step.office === undefined ? ofAccount(step) : ofOffice(step.office)}
${step.postings.length > 0 && html`<section aria-labelledby="journal"><h2 id="journal">Journal entry</h2>${journal(step)}</section>`}`;
}

function ofAccount(step: StoryStep): Html {
  return html`<section aria-labelledby="balances"><h2 id="balances">Balances</h2>${balances(step)}</section>
<section aria-labelledby="rows"><h2 id="rows">Rows</h2>${rows(step)}</section>`;
}

/** What the stream of an event of the office folds to. */
function ofOffice(step: OfficeStep): Html {
  const fields = officeFields(step).map(({ name, was, is }) => {
    const now = html`<pre>${is}</pre>`;
    return html`<tr><th scope="row">${name}</th><td><pre>${was}</pre></td><td>${was === is ? now : html`<mark>${now}</mark>`}</td></tr>`;
  });
  if (fields.length === 0) return html``;
  return html`<section aria-labelledby="stream"><h2 id="stream">${step.stream.stream}</h2>
<table tabindex="0"><thead><tr><th scope="col">field</th><th scope="col">before</th><th scope="col">after</th></tr></thead>
<tbody>${fields}</tbody></table></section>`;
}

/** The result of a command, in a few words. */
export function decidedText({ decision, error, command, events }: StoryStep): string {
  if (error !== undefined) return 'threw an error';
  if (decision === undefined) return command === undefined ? 'happened' : '';
  if (!decision.accepted) return `refused: ${decision.rejection.type}`;
  if (decision.repeats) return `a repeat of ${decision.repeats.id}`;
  return events.length === 0
    ? 'accepted: nothing changes'
    : `accepted: ${events.map(({ type }) => type).join(', ')}`;
}

function decided(step: StoryStep): Html {
  const { decision, error } = step;
  if (error !== undefined) return html`<p class="refused" role="alert">${error}</p>`;
  if (decision?.accepted === false)
    return html`<p class="refused">${rejectionText(decision.rejection)}</p>
<pre>${JSON.stringify(decision.rejection, null, 2)}</pre>`;
  return html`<p class="accepted">${decidedText(step)}</p>`;
}

function balances({ before, after, policy }: StoryStep): Html {
  const [was, is] = [summaryOf(before, policy), summaryOf(after, policy)];
  const cells = figures.map((figure) => {
    const changed = was[figure] !== is[figure];
    return html`<tr><th scope="row">${figure}</th><td>${was[figure]}</td><td>${changed ? html`<mark>${is[figure]}</mark>` : is[figure]}</td></tr>`;
  });
  return html`<table tabindex="0"><thead><tr><th scope="col">balance, ${is.currency}</th><th scope="col">before</th>
<th scope="col">after</th></tr></thead><tbody>${cells}</tbody></table>`;
}

function rows({ before, after, policy }: StoryStep): Html {
  const all = (account: PatronAccount) =>
    finesAndFees(account, policyFor(account, policy), { status: 'all' }).rows;
  const earlier = new Map(all(before).map((row) => [row.id, row]));
  const now = all(after);
  if (now.length === 0) return html`<p>None yet.</p>`;
  const columns = ['status', 'original', 'remaining', 'transferPending'] as const;
  const lines = now.map((row) => {
    const was = earlier.get(row.id);
    const cells = columns.map((column) => {
      const isSame = was !== undefined && was[column] === row[column];
      return html`<td>${isSame ? row[column] : html`<mark>${row[column]}</mark>`}${was && !isSame && html` <small>was ${was[column]}</small>`}</td>`;
    });
    return html`<tr><th scope="row">${row.id}</th><td>${row.typeLabel}</td>${cells}</tr>`;
  });
  return html`<table tabindex="0"><thead><tr>${['id', 'type', ...columns].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${lines}</tbody></table>`;
}

function journal({ postings, after, office }: StoryStep): Html {
  const { currency = after.currency } = Object(office?.event.data) as { readonly currency?: string };
  const digits = minorDigits(currency ?? '') ?? after.minorDigits;
  const lines = postings.map(({ account, amountMinor }) => {
    const amount = `${amountMinor < 0 ? '−' : ''}${formatAmount(Math.abs(amountMinor), digits)}`;
    return html`<tr><th scope="row">${ledgerAccountName(account)}</th><td>${amount}</td></tr>`;
  });
  return html`<table tabindex="0"><thead><tr><th scope="col">account of the journal</th><th scope="col">amount, ${currency}</th></tr></thead>
<tbody>${lines}</tbody></table>`;
}

/** The balances over all steps, as a chart and as the text of it. */
export function chartView(steps: readonly StoryStep[], current: number): Html {
  if (steps.every(({ office }) => office !== undefined)) return html``;
  const series = (['active', 'disputed', 'transferred'] as const).map((name) => ({
    name,
    values: steps.map(({ after, policy }) => Number(summaryOf(after, policy)[name])),
  }));
  const digits = Math.max(0, ...steps.map(({ after }) => after.minorDigits ?? 0));
  const shown = steps[current] ?? steps[0];
  const currency = String(html`${shown && policyFor(shown.after, shown.policy).currency}`);
  return html`${raw(balancesChart(series, current, { currency, format: (value) => value.toFixed(digits) }))}`;
}

/** Summaries that were made: the chart of a long story needs those of all its steps, at every step. */
const summaries = new WeakMap<PatronAccount, Summary>();

function summaryOf(account: PatronAccount, policy: StoryStep['policy']): Summary {
  const known = summaries.get(account);
  const { currency } = policyFor(account, policy);
  if (known?.currency === currency) return known;
  const made = summary(account, policyFor(account, policy));
  summaries.set(account, made);
  return made;
}

/** Views want a policy in the account's currency; a story may change to another. */
function policyFor(account: PatronAccount, policy: StoryStep['policy']): StoryStep['policy'] {
  const currency = account.currency ?? policy.currency;
  // The same object, because each new one is checked.
  return currency === policy.currency ? policy : { ...policy, currency };
}
