import { describe, expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { type Notice, type NoticesOptions, runNotices } from '../../../src/jobs/index.js';
import { officeEvents } from '../../../src/office/index.js';
import { englishWords } from '../../../src/words/index.js';
import { from, telling } from '../../notices/noticeHistory.js';
import { ask, at } from '../../support/account.js';

const institution = 'north';
const policy = telling();
const form = { institution, at, on: '2026-03-02', jobId: 'night' };
const fee = (id: string) => ask('AssessFee', id, { feeType: 'FINE', amount: '5', owner: 'MAIN' });

async function stores() {
  const accounts = memoryEventStore({ now: () => at });
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  for (const patronId of ['u1', 'u2'])
    await execute(accounts, policy, { institution, patronId }, [
      fee('f1'),
      ask('ReceivePayment', 'p1', { amount: '2', method: 'CASH' }),
    ]);
  return { accounts, office };
}

function mailbox(more: Partial<NoticesOptions> = {}) {
  const got: Notice[] = [];
  const send = (notice: Notice) => void got.push(notice);
  return { got, options: { send, patronOf: () => ({ group: 'STUDENT' }), ...more } };
}

const ids = (got: readonly Notice[]) => got.map(({ noticeId }) => noticeId);

describe('runNotices', () => {
  it('sends each notice once, in the order of the events', async () => {
    const given = await stores();
    const { got, options } = mailbox({ concurrency: 1 });
    const report = await runNotices(given, policy, form, options);
    expect(report).toMatchObject({ sent: 4, byKind: { charged: 2, paid: 2 }, findings: { count: 0 } });
    expect(ids(got)).toEqual([
      ...['north/u1/charged/1', 'north/u1/paid/2', 'north/u2/charged/1', 'north/u2/paid/2'],
    ]);
    expect((await runNotices(given, policy, form, options)).sent).toBe(0);
    await execute(given.accounts, policy, { institution, patronId: 'u2' }, [fee('f2')]);
    expect((await runNotices(given, policy, form, options)).byKind).toEqual({ charged: 1 });
    expect(ids(got.slice(4))).toEqual(['north/u2/charged/3']);
  });

  it('records what was sent, with the job and who ordered it, and no text', async () => {
    const given = await stores();
    const by = { channel: 'desk', userId: 'mo', roles: ['CHIEF'] } as const;
    await runNotices(given, policy, { ...form, by }, mailbox().options);
    const { events } = await given.office.read({ institution, stream: 'notices:u1' });
    const actor = { channel: 'desk', userId: 'mo' };
    expect(events.map(({ event }) => event)).toEqual([
      {
        type: 'NoticeSent',
        data: { patronId: 'u1', kind: 'charged', told: ['charged/1'], at, by: actor },
        metadata: { correlationId: 'night' },
      },
      {
        type: 'NoticeSent',
        data: { patronId: 'u1', kind: 'paid', told: ['paid/2'], at, by: actor },
        metadata: { correlationId: 'night' },
      },
    ]);
    const { jobId: _, ...nameless } = form;
    await execute(given.accounts, policy, { institution, patronId: 'u1' }, [fee('f2')]);
    await runNotices(given, policy, nameless, mailbox().options);
    const later = await given.office.read({ institution, stream: 'notices:u1' }, { after: 2 });
    expect(later.events[0]?.event).not.toHaveProperty('metadata');
    expect(later.events[0]?.event.data.by).toEqual({ channel: 'job' });
  });

  it('tries what could not be sent again in the next run, and what follows it for that patron', async () => {
    const given = await stores();
    const failing = mailbox({
      concurrency: 1,
      send: ({ noticeId }) => {
        if (noticeId === 'north/u1/charged/1') throw new Error('no route');
      },
    });
    const report = await runNotices(given, policy, form, failing.options);
    expect(report).toMatchObject({
      sent: 2,
      findings: {
        first: [
          {
            ...{ code: 'SEND_FAILED', patronId: 'u1', noticeId: 'north/u1/charged/1' },
            message: 'send failed: no route',
          },
        ],
      },
    });
    const { got, options } = mailbox();
    await runNotices(given, policy, form, options);
    expect(ids(got)).toEqual(['north/u1/charged/1', 'north/u1/paid/2']);
    const odd = mailbox({ send: () => Promise.reject('odd') });
    await execute(given.accounts, policy, { institution, patronId: 'u1' }, [fee('f2')]);
    const { findings } = await runNotices(given, policy, form, odd.options);
    expect(findings.first[0]?.message).toBe('send failed: odd');
  });

  it('hands a notice with the same id to send again if it died before the record', async () => {
    const given = await stores();
    const { got, options } = mailbox({ concurrency: 1 });
    const dying = {
      ...given,
      office: { ...given.office, append: () => Promise.reject(new Error('killed')) },
    };
    await expect(runNotices(dying, policy, form, options)).rejects.toThrow('killed');
    await runNotices(given, policy, form, options);
    const times = (id: string) => ids(got).filter((one) => one === id).length;
    expect(times('north/u1/charged/1')).toBe(2);
    expect(got.length).toBe(5);
    expect(new Set(ids(got)).size).toBe(4);
  });

  it('records a notice of two simultaneous runs once, and sends no notice that the other run has recorded', async () => {
    const given = await stores();
    const { got, options } = mailbox({ concurrency: 1 });
    let inner: Promise<unknown> | undefined;
    const send = async (notice: Notice) => {
      got.push(notice);
      inner ??= runNotices(given, policy, form, options);
      await inner;
    };
    const report = await runNotices(given, policy, form, { ...options, send });
    expect(report).toMatchObject({ sent: 1, findings: { count: 0 } });
    expect(ids(got).sort()).toEqual([
      ...['north/u1/charged/1', 'north/u1/charged/1', 'north/u1/paid/2'],
      ...['north/u2/charged/1', 'north/u2/paid/2'],
    ]);
    const { events } = await given.office.read({ institution, stream: 'notices:u1' });
    expect(events).toHaveLength(2);
  });

  it('sends a notice once that another run recorded after this one had read the account', async () => {
    const given = await stores();
    const { got, options } = mailbox({ concurrency: 1 });
    let inner: Promise<unknown> | undefined;
    const patronOf = async () => {
      inner ??= runNotices(given, policy, form, options);
      return { group: 'STUDENT' };
    };
    await runNotices(given, policy, form, { ...options, patronOf });
    await inner;
    expect(new Set(ids(got)).size).toBe(4);
  });

  it('reports a patron who is unknown', async () => {
    for (const patronOf of [() => null, () => ({}) as never, () => ({ group: 'G', language: 5 }) as never]) {
      const unknown = await runNotices(await stores(), policy, form, { ...mailbox().options, patronOf });
      expect(unknown).toMatchObject({ sent: 0, findings: { byCode: { PATRON_UNKNOWN: 2 } } });
    }
  });

  it('sends in the language of the patron, with labels in it', async () => {
    const languages = ['en', 'de'];
    const message = { en: 'Thanks', de: 'Danke' };
    const both = telling({ languages, rules: [{ kinds: ['paid'], message }] });
    const labels = {
      ...{ ...englishWords.labels, paymentMethods: { ...englishWords.labels.paymentMethods } },
      feeTypes: { FINE: 'Gebühr', LOST: 'Verlust' },
    };
    const patronOf = ({ patronId }: { patronId: string }) => ({
      ...{ group: 'G', ...(patronId === 'u1' ? { language: 'de' } : {}) },
    });
    const { got, options } = mailbox({ patronOf, labels: { de: labels }, concurrency: 1 });
    await runNotices(await stores(), both, form, options);
    expect(got.map((one) => [one.language, one.message, one.fees[0]?.feeTypeLabel])).toEqual([
      ['de', 'Danke', 'Gebühr'],
      ['en', 'Thanks', 'Fine'],
    ]);
    const { labels: _, ...without } = options;
    await expect(runNotices({} as never, both, form, without)).rejects.toThrow('options.labels');
    await expect(runNotices({} as never, both, form, { ...options, labels: {} })).rejects.toThrow(
      'options.labels.de',
    );
  });

  it('refuses a policy without notices, with every other fault', async () => {
    const { notices: _, ...silent } = policy;
    const { options } = mailbox();
    const given = await stores();
    await expect(runNotices(given, silent, form, options)).rejects.toThrow(
      'policy.notices: missing (expected rules of notices)',
    );
    await expect(runNotices(given, silent, { ...form, on: 'today' }, options)).rejects.toThrow(
      /form\.on.*policy\.notices/,
    );
    expect(from).toBe(policy.notices?.from);
  });
});
