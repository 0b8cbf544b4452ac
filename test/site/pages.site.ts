import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { entryPoints } from '../../entryPoints.js';

const folder = inject('siteFolder');

/** Every page, by its address within the site. */
const pages = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
);

const page = (address: string) => pages.get(address) ?? `there is no page ${address}`;

/** The addresses that a page links to or loads, without those of other sites. */
function linksOf(address: string, html: string): { file: string; anchor: string }[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, link = '']) => link.replaceAll('&amp;', '&'))
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', anchor = ''] = link.split('#');
      const file =
        path === '' ? address : join(dirname(address), decodeURIComponent(path.split('?')[0] ?? ''));
      return { file, anchor: decodeURIComponent(anchor) };
    });
}

/** The definition of a type, on one line. */
const signatureOf = (html: string) =>
  (/<div class="tsd-signature">(.*?)<\/div>/s.exec(html)?.[1] ?? '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replace(/(?:\s|\u00A0|&nbsp;)+/g, ' ');

/** The text of a page, without its examples. */
const textOf = (html: string) =>
  html
    .replace(/<pre>.*?<\/pre>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<');

const membersOf = (union: string) =>
  [
    ...page(`api/patron-fees/types/${union}.html`).matchAll(
      /<tr>\n<td><a [^>]*>(\w+)<\/a><\/td>\n<td>(.*?)<\/td>/g,
    ),
  ].map(([, name = '', sentence = '']) => ({ name, sentence }));

describe('the pages', () => {
  it('load scripts, styles and pictures only from the site', () => {
    const foreign = [...pages].flatMap(([address, html]) =>
      [
        ...html.matchAll(
          /<(?:script|img|iframe|link)\b[^>]*(?:src|href)="(?:[a-z]+:)?\/\/[^>]*>|@import[^;]*/g,
        ),
      ].map(([element]) => `${address}: ${element}`),
    );
    expect(foreign).toEqual([]);
  });

  it('link only to pages, anchors and files that exist', () => {
    const broken = [...pages].flatMap(([address, html]) =>
      linksOf(address, html).flatMap(({ file, anchor }) => {
        if (!existsSync(join(folder, file))) return [`${address} -> ${file}`];
        const target = pages.get(file);
        if (!target || anchor === '' || target.includes(`id="${anchor}"`)) return [];
        // Icons are anchors within one picture; a source line has none.
        return [`${address} -> ${file}#${anchor}`];
      }),
    );
    expect(broken).toEqual([]);
    expect(pages.size).toBeGreaterThan(300);
  });

  it('need no file of the repository but pictures', () => {
    const media = readdirSync(join(folder, 'media'));
    expect(media.filter((file) => !file.endsWith('.png'))).toEqual([]);
  });

  it('make no address of the name of a file', () => {
    const addresses = [...pages].flatMap(([address, html]) =>
      [...html.matchAll(/href="(https?:\/\/[^"/]*\.(?:md|pm|ts|js|py|pl|sh|sql))[/"]/g)].map(
        ([, link]) => `${address}: ${link}`,
      ),
    );
    expect(addresses).toEqual([]);
  });

  it('say nowhere that the package can be had from a registry, and offer no page to edit', () => {
    const shown = [...pages].filter(([, html]) =>
      /npm (?:install|i|add) (?:[\w@/-]+ )*patron-fees(?![\w./-])/.test(textOf(html) + html),
    );
    expect(shown.map(([address]) => address)).toEqual([]);
    const edits = [...pages].filter(([, html]) => /<a\b[^>]*>\s*edit\b/i.test(html));
    expect(edits.map(([address]) => address)).toEqual([]);
  });

  it.each(entryPoints)('say how stable $specifier is', ({ specifier }) => {
    const promises = page(`api/${specifier}.html`).match(/<strong>(?:Stable|May change)<\/strong>: [^<]*/g);
    expect(promises).toEqual([expect.stringMatching(/names and shapes (?:can )?change with/)]);
  });

  it('have one title each', () => {
    const titles = [...pages].map(([address, html]) => [address, html.match(/<h1[ >]/g)?.length ?? 0]);
    expect(titles.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('draw their diagrams instead of showing the source', () => {
    expect(page('concepts/data-flow.html')).toMatch(/<figure class="diagram"[^>]*><div [^>]*><svg /);
    for (const [address, html] of pages)
      expect(`${address}: ${html}`).not.toMatch(/language-mermaid|<code class="mermaid/);
  });

  it('show types flat, without Pick, Omit or an intersection of types with a page', () => {
    const composed = [...pages]
      .filter(([address]) => address.startsWith('api/patron-fees/') && /\/[A-Z]\w+\.html$/.test(address))
      .map(([address, html]) => `${address}: ${signatureOf(html)}`)
      .filter((signature) => /: \w+: (?:(?:Pick|Omit|Partial)<|(?!AsyncIterable<)[^{]*& \{)/.test(signature));
    expect(composed).toEqual([]);
    // `Omit` of a rejection by its name, and the type that computes what a rejection's name stands for.
    const generic = ['ScenarioOutcome', 'CommandOf', 'RejectionOf', 'RejectionWords'];
    const computed = [...pages]
      .filter(
        ([address]) =>
          address.startsWith('api/') && !generic.some((one) => address.includes(`/types/${one}.`)),
      )
      .flatMap(([address, html]) =>
        [
          ...textOf(html).matchAll(
            /\b(?:Pick|Omit|Readonly|Exclude|Extract|NonNullable)<[^;]{0,40}|\)?\[number\]/g,
          ),
        ].map(([found]) => `${address}: ${found}`),
      );
    expect(computed).toEqual([]);
    expect(signatureOf(page('api/patron-fees/types/Channel.html'))).toContain('&quot;desk&quot; | ');
    expect(textOf(page('api/patron-fees/bursar/types/BursarReconciliationOptions.html'))).toContain(
      'finding: BursarDifference',
    );
    for (const name of ['id', 'at', 'by', 'fees', 'reason', 'metadata']) {
      expect(page('api/patron-fees/types/WaiveFees.html')).toContain(`id="${name}"`);
    }
    for (const command of ['IssueCredit', 'ResolveDispute'])
      expect(signatureOf(page(`api/patron-fees/types/${command}.html`))).toMatch(
        /: \{.* at: string;.*\} & \w+$/,
      );
    expect(signatureOf(page('api/patron-fees/bursar/types/Remittance.html'))).toContain(
      'remittanceId: string',
    );
  });

  it('state the default of every option of a policy', () => {
    const html = page('api/patron-fees/types/FeePolicyInput.html');
    const optional = html.match(
      /class="tsd-signature"[^>]*><span class="tsd-kind-property">\w+<\/span><span class="tsd-signature-symbol">\?:/g,
    );
    expect(optional?.length).toBeGreaterThan(8);
    expect(html.match(/>Default Value</g)?.length).toBe(optional?.length);
  });

  it('show a default in words as words, not as code', () => {
    const defaults = [...pages].flatMap(([address, html]) =>
      [...html.matchAll(/>Default Value<.*?<\/h4>(<\w+)/gs)].map(([, element]) => `${address}: ${element}`),
    );
    expect(defaults.length).toBeGreaterThan(100);
    expect(defaults.filter((shown) => shown.endsWith('<pre'))).toEqual([]);
  });
});

describe.each(['Command', 'AccountEvent', 'Rejection'])('the page of %s', (union) => {
  it('has a table with a sentence for each member', () => {
    const members = membersOf(union);
    expect(members.length).toBeGreaterThan(15);
    expect(members.filter(({ sentence }) => !/\.$/.test(sentence))).toEqual([]);
  });
});

describe('the page of each event', () => {
  it.each(membersOf('AccountEvent'))(
    'links $name to the commands or functions that cause it and to a guide',
    ({ name }) => {
      const html = page(`api/patron-fees/types/${name}.html`);
      const section = (title: string) => html.split(`${title}<a `)[1]?.split('</div>')[0] ?? '';
      // Commands have pages beside the event's; functions, such as mergeAccounts, have theirs in another folder.
      const causes = [
        ...section('Caused By').matchAll(/href="((?:\.\.\/(?:patrons|jobs)\/)?\w+\.html)"/g),
      ].map(([, path]) => path as string);
      expect(causes.length).toBeGreaterThan(0);
      expect(section('Explained In')).toMatch(/href="[^"]*(guides|tutorial)\//);
      for (const path of causes) {
        const up = path.includes('/') ? '../types/' : '';
        expect(page(join('api/patron-fees/types', path))).toContain(`href="${up}${name}.html"`);
      }
    },
  );
});

describe('the page of each command', () => {
  it.each(membersOf('Command'))('links $name to a guide, with an example and every refusal', ({ name }) => {
    const html = page(`api/patron-fees/types/${name}.html`);
    expect(html).toMatch(/href="[^"]*(guides|tutorial)\//);
    expect(html).toMatch(new RegExp(`>Example<.*?<pre>.*?type.*?${name}`, 's'));
    const common = html.split('Also Refused<a ')[1]?.split('</div>')[0] ?? '';
    for (const refusal of ['InvalidCommand', 'IdAlreadyUsed', 'NotPermitted', 'TooFarBack'])
      expect(common).toContain(`href="${refusal}.html"`);
  });
});

it.each(entryPoints)('lists on the page of $specifier what one calls; types are folded', ({ specifier }) => {
  const shown = page(`api/${specifier}.html`);
  const addresses = (html: string) => [...html.matchAll(/<(?:dt|li) id="[^"]*"><a href="([^"]*)"/g)];
  const [rows = [], types = []] = [/<dl>(.*?)<\/dl>/gs, /<details[^>]*>(.*?)<\/details>/gs].map((part) =>
    [...shown.matchAll(part)].flatMap(([, list = '']) => addresses(list).map(([, address = '']) => address)),
  );
  expect(rows.length).toBeGreaterThan(0);
  // Each is a table of what one sends or gets.
  const tables = ['Command', 'AccountEvent', 'Rejection'].map((name) => `patron-fees/types/${name}.html`);
  const typesAmongRows = rows.filter((address) => address.includes('/types/'));
  expect(typesAmongRows).toEqual(specifier === 'patron-fees' ? tables : []);
  expect(types.filter((address) => !address.includes('/types/'))).toEqual([]);
  const own = [...pages.keys()].filter((address) =>
    new RegExp(`^api/${specifier}/(?:types/)?\\w+\\.html$`).test(address),
  );
  const listed = [...rows, ...types].map((address) => join(`api/${specifier}.html`, '..', address));
  const imports = entryPoints.map((entry) => `api/${entry.specifier}.html`);
  expect(own.filter((address) => ![...listed, ...imports].includes(address))).toEqual([]);
});

it.each([
  ['types/ReceivePayment', 'charge-and-take-payments'],
  ['types/WaiveFees', 'waive-fees'],
  ['types/ReturnLostItem', 'lost-items'],
  ['types/DisputeFee', 'disputes'],
  ['types/AgreePaymentPlan', 'payment-plans'],
  ['types/AssessFee', 'charge-and-take-payments'],
  ['types/WaiverReversed', 'undo-mistakes'],
  ['types/CreditPurposeForbids', 'credits-and-refunds'],
  ['types/NothingToTransfer', 'transfer-to-a-bursar'],
  ['types/FeeTypeRule', 'define-your-policy'],
  ['types/Permissions', 'who-may'],
  ['types/LostItemReturned', 'lost-items'],
  ['types/AccountMerged', 'merge-two-accounts'],
  ['decide', 'first-account'],
  ['fold', 'first-account'],
  ['paymentOrders', 'define-your-policy'],
  ['views/blocks', 'show-fees-to-people'],
  ['views/activityReportHtml', 'show-fees-to-people'],
  ['views/types/FeeRow', 'show-fees-to-people'],
  ['overdue/types/FineRuleInput', 'charge-overdue-fines'],
  ['overdue/reminderFees', 'charge-overdue-fines'],
  ['sqlite/sqliteEventStore', 'keep-events-in-sqlite'],
  ['postgres/findAccounts', 'table-of-accounts'],
  ['history/types/Projection', 'run-a-projection'],
  ['history/copyEvents', 'move-from-one-store-to-another'],
  ['feed/sqliteOutbox', 'hand-events-to-a-queue'],
  ['keys/types/MasterKey', 'erase-by-key'],
  ['office/types/TillOpened', 'till-sessions'],
  ['office/types/BankRecordNotFound', 'check-the-bank-statement'],
  ['jobs/types/AccrualFinding', 'accrue-fines-nightly'],
  ['jobs/noticesOf', 'send-notices'],
  ['bursar/types/BursarTransfer', 'transfer-to-a-bursar'],
  ['office/types/ReceiptWords', 'words-in-other-languages'],
  ['online/types/StartForm', 'take-payments-online'],
  ['online/reconcilePayouts', 'refunds-and-chargebacks'],
  ['types/RefundCredit', 'credits-and-refunds'],
  ['definePolicy', 'define-your-policy'],
  ['postgres/postgresEventStore', 'keep-events-in-postgres'],
  ['jobs/runBulkWaive', 'waive-in-bulk'],
  ['reports/runAgedDebt', 'aged-debt'],
])('explains %s in its own guide first: %s', (name, guide) => {
  const shown = page(`api/patron-fees/${name}.html`).split('Explained In<a ')[1]?.split('</div>')[0] ?? '';
  expect(/href="[^"]*?(?:guides|tutorial|concepts)\/([\w-]+)\.html"/.exec(shown)?.[1]).toBe(guide);
});

it('explains nearly every export in a guide', () => {
  const exports = [...pages].filter(
    ([address]) =>
      /^api\/.*\/\w+\.html$/.test(address) && !address.match(/^api\/patron-fees\/[a-z0-9]+\.html$/),
  );
  const unexplained = exports.filter(([, html]) => !html.includes('Explained In<a '));
  expect(unexplained.length / exports.length).toBeLessThan(0.02);
});

it.each([
  ['bursar', 'runOpenItems', 'openItemsCsv', ['reference', 'transferredAt', 'pending']],
  ['bursar', 'runBursarChanges', 'bursarChangesCsv', ['before', 'paidHere', 'after']],
  ['reports', 'runPaymentsList', 'paymentsListCsv', ['tillSession', 'net']],
  ['reports', 'runUnclaimedCredits', 'unclaimedCreditsCsv', ['idleDays', 'paymentIds']],
  ['reports', 'runAuditTrail', 'auditTrailCsv', ['events', 'correlationId']],
  ['jobs', 'runBulkWaive', 'bulkWaiveCsv', ['feeOwed', 'plannedBecause']],
  ['reports', 'runPaymentsReport', 'paymentsReportCsv', ['day', 'refundsReversed', 'seal']],
  ['reports', 'runAgedDebt', 'agedDebtCsv', ['feeTypeLabel', 'days 31-60', 'currency']],
  ['reports', 'runAgedDebtors', 'agedDebtorsCsv', ['days 366+', 'oldestDays']],
  ['bursar', 'runBursarExport', 'runBursarExport', ['reference', 'amount', 'vat']],
  ['reports', 'runJournalExport', 'runJournalExport', ['date', 'debit', 'entry']],
])('lists the columns of the file on the pages in %s of %s and of %s', (entry, job, writer, columns) => {
  for (const name of [job, writer]) {
    const shown =
      page(`api/patron-fees/${entry}/${name}.html`).split('Columns<a ')[1]?.split('</div>')[0] ?? '';
    for (const column of columns) expect(shown).toContain(`<code>${column}</code>`);
  }
});

it('gives a page an address by its own name alone, whatever other pages there are', () => {
  const numbered = [...pages.keys()].filter((address) => /-\d+\.html$/.test(address));
  const letters = [...pages.keys()].map((address) => address.toLowerCase());
  expect({ numbered, pages: new Set(letters).size }).toEqual({ numbered: [], pages: pages.size });
  expect(pages.has('api/patron-fees/views/summary.html')).toBe(true);
  expect(pages.has('api/patron-fees/views/types/Summary.html')).toBe(true);
});

it('names no file of the repository in an address', () => {
  const sources = [...pages.keys()].filter((address) => relative('.', address).includes('.ts'));
  expect(sources).toEqual([]);
});
