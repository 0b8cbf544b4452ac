import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { catchUp, execute, memoryEventStore, openAccount } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/index.js';
import { emptyBooks, institution, sealed } from '../seals/sealedBooks.js';
import { assess, at, pay, policy } from '../support/account.js';
import { stream } from '../support/stores.js';
import { wholeCommands } from '../support/wholeCommands.js';
import { withSdk } from './withSdk.js';

const now = () => at;

const its = withSdk();

describe('the dashboard for Grafana', () => {
  it('uses only figures and attributes that exist, as Prometheus names them', async () => {
    const path = fileURLToPath(new URL('../../examples/telemetry/grafana-dashboard.json', import.meta.url));
    const dashboard: { readonly panels: { readonly targets: { readonly expr: string }[] }[] } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    const asked = new Set(
      dashboard.panels.flatMap(({ targets }) =>
        targets.flatMap(({ expr }) => expr.match(/\b(?:patron_fees|http|error)_[a-z_]+/g) ?? []),
      ),
    );
    // Something of every kind.
    its.watching.onBatch({ kind: 'append', calls: 2 });
    const base = memoryEventStore({ now });
    const store = its.watching.store(base);
    const held = await openAccount(store, policy, stream);
    await execute(base, policy, stream, assess('f0', '1.00'));
    await held.execute(assess('f1', '2.50'));
    await execute(store, policy, stream, pay('p1', '99.00'));
    await its.watching.job('broken', () => Promise.reject(new Error('broken'))).catch(() => undefined);
    await its.watching.handler('web', async () => new Response())(new Request('https://x.example/'));
    const projection = its.watching.projection('search', { reset: () => undefined, apply: () => undefined });
    await catchUp(store, projection, { load: async () => undefined, save: async () => undefined });
    const books = emptyBooks();
    await sealed(books, '2026-01');
    const ends = [
      its.watching.seals(books.stores.office, institution),
      its.watching.outbox('books', { waiting: async () => [], remove: async () => undefined }),
    ];
    const underscored = (name: string) => name.replaceAll('.', '_');
    const there = (await its.sdk.figures()).flatMap(({ name, unit, kind, attributes }) => {
      const full = underscored(name) + (unit === 's' ? '_seconds' : '');
      const suffixes = {
        [DataPointType.HISTOGRAM]: ['_bucket', '_sum', '_count'],
        [DataPointType.SUM]: ['_total'],
      }[kind as number] ?? [''];
      return [...suffixes.map((suffix) => full + suffix), ...Object.keys(attributes).map(underscored)];
    });
    for (const end of ends) end();
    expect([...asked].filter((name) => !there.includes(name))).toEqual([]);
    expect(asked).toContain('patron_fees_seal_age_seconds');
    expect(asked.size).toBeGreaterThan(15);
  });
});

describe('what is reported', () => {
  // Measured times are among what is reported, so its digits are more than those have by chance.
  const digits = '8140277356';
  const secret = `SECRET ${digits}`;

  /** Replaces every text of a value that a caller chooses. */
  function hostile(value: unknown, key = ''): unknown {
    if (typeof value === 'string') {
      const isWord = [
        'type',
        'channel',
        'cause',
        'purpose',
        'outcome',
        'remedy',
        'kind',
        'at',
        'part',
      ].includes(key);
      return isWord || /^\d/.test(value) ? value : secret;
    }
    if (Array.isArray(value)) return value.map((item) => hostile(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hostile(item, name)]));
  }

  const everything = async () => {
    const spans = its.sdk.spans().map(({ name, attributes, events, links, status }) => ({
      name,
      attributes,
      events,
      links,
      status,
    }));
    return JSON.stringify([spans, await its.sdk.figures()]);
  };

  it('has no id of a patron, no text and no amount, whatever a command has', async () => {
    const store = its.watching.store(memoryEventStore({ now }));
    const account = { institution: 'north', patronId: secret };
    const commands = Object.values(wholeCommands).flatMap((command) => [
      command,
      hostile(command),
    ]) as Command[];
    const made = [
      null,
      17,
      { type: secret },
      { type: { toString: () => secret } },
      [],
    ] as unknown as Command[];
    await execute(store, policy, account, { ...assess(secret, `${digits}.00`), comment: secret });
    for (const command of [...commands, ...made])
      await execute(store, policy, account, command).catch(() => undefined);
    const projection = its.watching.projection('search', {
      reset: () => undefined,
      apply: () => {
        throw Object.assign(new Error(secret), { code: secret });
      },
    });
    const checkpoint = { load: async () => undefined, save: async () => undefined };
    await catchUp(store, projection, checkpoint).catch(() => undefined);
    const handler = its.watching.handler('alma', () => Promise.reject(new Error(secret)));
    const request = new Request(`https://x.example/users/${encodeURIComponent(secret)}`, {
      method: 'SECRET',
    });
    await handler(request).catch(() => undefined);
    const found = await everything();
    expect(found).toContain('"patron_fees.command":"unknown"');
    expect(found).not.toContain('SECRET');
    expect(found).not.toContain(digits);
  });
});
