import { readFileSync } from 'node:fs';
import { type Command, definePolicy, type FeePolicy } from '../../src/index.js';
import { basicGroups, basicPolicies } from './basicStories.js';
import * as groups from './callGroups.js';
import { type CornerCase, cornerCases, seldomRefused } from './cornerCases.js';
import { officeCalls } from './officeCalls.js';
import { orderCalls } from './orderCalls.js';
import { policyCalls } from './policyCalls.js';
import { randomStories } from './randomStories.js';
import { type Policies, playStory, type StoryPlan, type StoryVector } from './story.js';
import type { Mark, VectorFile, VectorGroup } from './vectorFile.js';
import { viewCalls } from './viewCalls.js';

const AT = '2026-03-02T09:00:00Z';

/** Names policies: equal ones have one name. */
function policyNames() {
  const names = new Map<string, string>();
  const policies: Record<string, FeePolicy> = {};
  const name = (policy: FeePolicy): string => {
    const text = JSON.stringify(policy);
    const known = names.get(text) ?? `policy ${names.size + 1}`;
    names.set(text, known);
    policies[known] = policy;
    return known;
  };
  return { name, policies };
}

/** Returns all files of the folder `vectors`, by name. */
export function vectorFiles(): Readonly<Record<string, VectorFile>> {
  const named = policyNames();
  const random = randomStories(named.name);
  const stories = random.map(({ group, ...plan }) => ({ group, ...playStory(plan, named.policies) }));
  const subjects = [...new Set(stories.map(({ group }) => group))].sort();
  const corner = policyNames();
  const basic = basicPolicies();
  return {
    'basic.json': {
      ...file(
        'What every fee system can do, by capability: eight commands, two currencies, the default policy.',
        basicGroups(basic).map(({ name, capabilities, cases }) => ({
          ...group(name, 'contract', 'docs/guides/compare-your-system.md', cases),
          capabilities,
        })),
      ),
      policies: basic,
    },
    'views.json': file('Policies with their defaults or faults, and what people see of accounts.', [
      group('policies', 'contract', 'docs/guides/define-your-policy.md', policyCalls()),
      group('views', 'contract', 'docs/guides/show-fees-to-people.md', viewCalls()),
    ]),
    'orders.json': file(
      'Commands to one account in every order: the rejection, or what is owed and unused.',
      [group('every order', 'contract', 'docs/guides/explore-your-policy.md', orderCalls())],
    ),
    'office.json': file('Streams of the office: what their events fold to, or the fault.', [
      group(
        'tills, receipts, banks and online payments',
        'contract',
        'docs/concepts/history.md',
        officeCalls(),
      ),
    ]),
    'money.json': file('Amounts, percentages, and splits of amounts in minor units.', [
      group('amounts and percentages', 'contract', 'docs/concepts/money.md', groups.moneyCalls()),
      {
        ...group('splits', 'choice', 'docs/concepts/money.md', groups.splitCalls()),
        acceptable:
          'other shares that add up to the amount, none above its limit, if the system documents its order',
      },
    ]),
    'commands.json': {
      ...file('Commands to an account: events or a rejection, balances, and the rows at the end.', [
        ...subjects.map((subject) =>
          group(
            subject,
            'contract',
            sources[subject] as string,
            stories.filter((story) => story.group === subject).map(({ group: _group, ...story }) => story),
          ),
        ),
        group('commands sent again', 'law', 'docs/concepts/idempotency.md', repeated(random, named.policies)),
      ]),
      policies: named.policies,
    },
    'corner-cases.json': {
      ...file('Every corner case of docs/concepts/corner-cases.md, and rejections that are rare.', [
        {
          ...group(
            'corner cases',
            'choice',
            'docs/concepts/corner-cases.md',
            Object.entries(cornerCases).map(([title, one], index) =>
              cornerStory(`c${index + 1}`, title, one, corner),
            ),
          ),
          acceptable:
            'another behaviour that the system documents: where Alma allows several, this library chose one',
        },
        group(
          'rules of the policy',
          'contract',
          'docs/guides/who-may.md',
          Object.entries(seldomRefused).map(([title, one], index) =>
            cornerStory(`p${index + 1}`, title, one, corner),
          ),
        ),
      ]),
      policies: corner.policies,
    },
    'shapes.json': file('Commands as they are written, instalments, and the sentences of rejections.', [
      group('commands', 'contract', 'docs/concepts/rejections-and-errors.md', groups.shapeCalls()),
      group('instalments', 'contract', 'docs/guides/payment-plans.md', [
        ...groups.instalmentCalls(),
        ...groups.behindCalls(),
      ]),
      {
        ...group('sentences', 'choice', 'docs/concepts/rejections-and-errors.md', groups.sentenceCalls()),
        acceptable: 'other words, in any language',
      },
    ]),
    'overdue.json': file('Fine rules, calendars, and the fines of late loans with their explanations.', [
      group('fines', 'contract', 'docs/guides/charge-overdue-fines.md', groups.fineCalls()),
      group(
        'rules and calendars',
        'contract',
        'docs/guides/charge-overdue-fines.md',
        groups.overdueInputCalls(),
      ),
      group(
        'rules of other systems',
        'contract',
        'docs/concepts/other-systems.md',
        groups.otherSystemsCalls(),
      ),
      group('reminders', 'contract', 'docs/guides/charge-overdue-fines.md', groups.reminderCalls()),
    ]),
    'histories.json': file(
      'Stored events: the balances, rows and transactions that they fold to, or the fault.',
      [
        group('valid histories', 'contract', 'docs/concepts/history.md', groups.historyCalls()),
        group('taxes', 'contract', 'docs/guides/value-added-tax.md', groups.taxCalls()),
        group('erased texts', 'contract', 'docs/concepts/personal-data.md', groups.erasedCalls()),
        group('merged accounts', 'contract', 'docs/guides/merge-two-accounts.md', groups.mergedCalls()),
        group('corrupt histories', 'contract', 'docs/concepts/history.md', groups.corruptCalls()),
      ],
    ),
  };
}

const sources: Readonly<Record<string, string>> = {
  'payments in parts': 'docs/guides/charge-and-take-payments.md',
  'payment plans': 'docs/guides/payment-plans.md',
  'growing fines': 'docs/guides/accrue-fines-nightly.md',
  'lost items': 'docs/guides/lost-items.md',
  transfers: 'docs/guides/transfer-to-a-bursar.md',
  credits: 'docs/guides/credits-and-refunds.md',
  'fees and payments': 'docs/guides/charge-and-take-payments.md',
};

const file = (about: string, list: readonly VectorGroup[]): VectorFile => ({
  format: 1,
  about,
  groups: list,
});

const group = (name: string, mark: Mark, source: string, cases: VectorGroup['cases']): VectorGroup => ({
  name,
  mark,
  source,
  cases,
});

/** Returns stories whose last accepted command of each type is sent again: nothing may happen. */
function repeated(plans: readonly StoryPlan[], policies: Policies): readonly StoryVector[] {
  const seen = new Map<string, number>();
  return plans.flatMap((plan) => {
    const played = playStory(plan, policies);
    const found = played.steps
      .map(
        ({ command, events = [], policy }) =>
          policy === undefined && events.length > 0 && (seen.get((command as Command).type) ?? 0) < 5,
      )
      .lastIndexOf(true);
    const again = plan.steps[found];
    if (again === undefined) return [];
    const { type } = again.command as Command;
    seen.set(type, (seen.get(type) ?? 0) + 1);
    const { policy } = plan;
    return [
      playStory(
        { id: `${plan.id}-again`, policy, steps: [...plan.steps.slice(0, found + 1), again] },
        policies,
      ),
    ];
  });
}

function cornerStory(
  id: string,
  title: string,
  { policy, later, given, steps }: CornerCase,
  { name, policies }: ReturnType<typeof policyNames>,
): StoryVector {
  const usual = name(definePolicy({ currency: 'USD', ...policy }));
  const last = later && name(definePolicy({ currency: 'USD', ...later }));
  const timed = steps.map((step, index) => {
    const commands = (Array.isArray(step) ? step : [step]).map((each) => ({ at: AT, ...each }));
    const command = (Array.isArray(step) ? commands : commands[0]) as unknown as Command;
    const isLater = last !== undefined && index === steps.length - 1;
    return { command, ...(isLater && { policy: last }), ...(policy?.backdating && { now: AT }) };
  });
  const events = given?.map((event) => {
    const { data, ...rest } = event as { readonly data: object };
    return { ...rest, data: { at: AT, ...data } };
  }) as StoryPlan['given'];
  const why = explanations()[title];
  return playStory(
    { id, title, ...(why && { why }), policy: usual, ...(events && { given: events }), steps: timed },
    policies,
  );
}

/** Returns what the page of corner cases says about each, by what is bold. */
export function explanations(): Readonly<Record<string, string>> {
  const page = readFileSync(new URL('../../docs/concepts/corner-cases.md', import.meta.url), 'utf8');
  const bullets = page.matchAll(/^- \*\*([^*]+)\*\*((?:[^\n]|\n(?! *\n|- |```|#))*)/gm);
  return Object.fromEntries(
    [...bullets].map(([, title, text]) => [title as string, `${title}${text}`.replace(/\s+/g, ' ').trim()]),
  );
}
