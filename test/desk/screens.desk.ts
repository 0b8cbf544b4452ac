import { rmSync } from 'node:fs';
import { execute } from 'patron-fees/history';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Desk, institution } from '../../examples/desk/desk.js';
import { addGuidesPatron } from '../../examples/desk/samplePatrons.js';
import { startBrowser, watchedPage } from '../site/support/browser.js';
import { describeWith } from '../support/programs.js';
import { actionsOn, expectNoTrouble, inspect, signIn } from './support/deskBrowser.js';
import { now, sampleDesk } from './support/deskClient.js';
import { type DeskServer, startDesk } from './support/deskServer.js';

describeWith(['chromium'], 'the screens', () => {
  let browser: Browser;
  let desk: Desk;
  let server: DeskServer;
  let page: Page;
  let trouble: Awaited<ReturnType<typeof watchedPage>>['trouble'];
  let patrons = 0;
  /** The address of a patron of the test's own, who has something of everything. */
  let home: string;
  /** What every append waits for. */
  let allowed = Promise.resolve();

  beforeAll(async () => {
    [browser, desk] = await Promise.all([startBrowser(), sampleDesk(40)]);
    const append: typeof desk.store.append = async (...appended) => {
      await allowed;
      return desk.store.append(...appended);
    };
    server = await startDesk({ ...desk, store: { ...desk.store, append } });
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    ({ page, trouble } = await watchedPage(context, server.site));
    await signIn(page, server.site, 'mo');
  });

  beforeEach(async () => {
    patrons += 1;
    home = `${server.site}/patrons/verma${patrons}`;
    await addGuidesPatron(desk, `verma${patrons}`, `77${patrons}`);
  });

  afterEach(() => expectNoTrouble(trouble));

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(desk.outbox.folder, { recursive: true, force: true });
  });

  const { press, follow, notice } = actionsOn(() => page);
  const alert = () => page.getByRole('alert').textContent();
  /** The parts of the page that a printer prints. */
  const printed = async () => {
    await page.emulateMedia({ media: 'print' });
    const shown = await page
      .locator('header, nav, .filter, .buttons, .paper')
      .evaluateAll((parts: { checkVisibility(): boolean; className: string }[]) =>
        parts.filter((part) => part.checkVisibility()).map(({ className }) => className),
      );
    await page.emulateMedia({ media: null });
    return shown;
  };
  const heading = () => page.locator('h1').textContent();

  it('sign in: a person, or nobody', async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    const stranger = await context.newPage();
    await stranger.goto(`${server.site}/till`);
    expect(await stranger.locator('h1').textContent()).toBe('Sign in');
    await inspect(stranger, 'sign-in');
    await context.close();
  });

  it('find a patron: by name and by barcode; nobody is said', async () => {
    await page.goto(server.site);
    await page.keyboard.type('nobody at all');
    await page.locator(':focus').press('Enter');
    expect(await notice()).toContain('No patron matches');
    await page.getByLabel('Scan patron').fill('garcia');
    await press('Go');
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(1);
    await inspect(page, 'find-a-patron');
    await page.getByLabel('Scan patron').fill('1000171');
    await press('Go');
    expect(await heading()).toBe('Patron Services');
  });

  it('patron services: the balance links to the fees; the report is previewed and sent once', async () => {
    await page.goto(home);
    expect(await page.locator('.balance').textContent()).toContain('80.00 USD');
    expect(await page.locator('.warning').textContent()).toContain(
      'Blocked: owes 99.05 USD, of it 18.25 USD disputed; the limit is 50.00 USD.',
    );
    expect(await page.locator('tr', { hasText: 'Maps of the sea' }).textContent()).toContain('overdue');
    await inspect(page, 'patron-services');
    await follow('Send Activity Report');
    const mail = page.frameLocator('iframe');
    expect(await mail.locator('h1').textContent()).toContain('Dev Verma');
    await inspect(page, 'activity-report');
    await press('Send');
    expect(await page.locator('.notice').textContent()).toContain('Sent to dev.verma@north.example');
    await page.goto(page.url());
    await page.goBack();
    expect(await page.locator('main').textContent()).toContain('Sent so far: 1');
    expect(await page.getByRole('button', { name: 'Send' }).count()).toBe(0);
  });

  it('notices: the job says what it sent, to whom and where; a receipt goes by e-mail, too', async () => {
    await page.goto(`${server.site}/notices`);
    await inspect(page, 'notices');
    await press('Send notices');
    await inspect(page, 'notices-confirm');
    await page.getByRole('button', { name: /^Send \d+ e-mails$/ }).click();
    expect(await page.locator('main').textContent()).toMatch(/\d+ e-mails sent, as files in .*desk-mail-/);
    await inspect(page, 'notices-result', [desk.outbox.folder, '/var/lib/desk/desk.db-mail']);
    await follow('New form and all jobs');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.goto(`${home}/receipts/payment1`);
    await press('E-mail');
    expect(await notice()).toContain('Sent to dev.verma@north.example');
    await inspect(page, 'receipt-sent', [desk.outbox.folder, '/var/lib/desk/desk.db-mail']);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('status').getByRole('link').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.eml$/);
  });

  it('fines and fees: five balances, status, order, pages, and the transactions of a row', async () => {
    await page.goto(`${home}/fees`);
    expect(await page.locator('dl.figures dd').allInnerTexts()).toEqual(
      ['80.00', '18.25', '5.00', '80.00', '0.00'].map((amount) => `${amount} USD`),
    );
    expect(await page.locator('.pages').textContent()).toContain('Rows 1 to 10 of 12');
    await inspect(page, 'fines-and-fees');
    await follow('Next page');
    expect(await page.locator('tbody tr').count()).toBe(2);
    await follow('Remaining Balance');
    await follow('Remaining Balance');
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    expect(await page.locator('tbody tr').first().textContent()).toContain('A history of glass');
    await page.getByLabel('Fine/fee status').selectOption('All');
    await press('Filter');
    expect(await page.locator('.pages').textContent()).toContain('of 15');
    await page.getByLabel('Fine/fee status').selectOption('Closed');
    await press('Filter');
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual([expect.stringContaining('Tide tables')]);
    await page.goto(`${home}/fees`);
    await page.getByRole('link', { name: /transactions of Overdue fine, Atlas of tides/ }).click();
    expect(await page.locator('tbody tr').allInnerTexts()).toHaveLength(2);
    await inspect(page, 'transactions');
    await follow('Receipt');
    expect(await page.locator('main').textContent()).toContain('1.50 USD');
  });

  it('pay: refused above what is owed, then received; the receipt can be printed', async () => {
    await page.goto(home);
    await follow('Pay');
    await page.getByLabel('Payment method').selectOption('CHECK');
    await inspect(page, 'payment');
    await page.getByLabel('Payment amount').fill('80.81');
    await press('Send');
    expect(await alert()).toContain('80.81 is more than the 80.80');
    // The browser focuses it when it has shown the page.
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('amount');
    await inspect(page, 'payment-refused');
    await page.getByLabel('Payment amount').fill('70');
    await press('Send');
    expect(await heading()).toBe('Patron Services');
    expect(await notice()).toBe('Payment received, 70.00 USD. Receipt');
    await follow('Receipt');
    await inspect(page, 'receipt');
    const paper = page.frameLocator('iframe[name="paper"]').locator('h1');
    await press('Print');
    await paper.filter({ hasText: /^Receipt$/ }).waitFor();
    await press('Print');
    await paper.filter({ hasText: /^Receipt \(copy\)$/ }).waitFor();
  });

  it('two clerks: a form whose account changed meanwhile says who did what; one that was sent says so', async () => {
    await page.goto(`${home}/pay`);
    const form = page.url();
    await page.getByLabel('Payment amount').fill('5.00');
    const context = await browser.newContext();
    const other = await context.newPage();
    await signIn(other, server.site, 'kim');
    await other.goto(`${home}/pay?feeId=fee1`);
    await other.getByRole('button', { name: 'Send' }).click();
    await other.getByRole('heading', { name: 'Patron Services' }).waitFor();
    await context.close();
    await press('Send');
    expect(await alert()).toMatch(/Payment received, 3\.00 USD, by Kim Okafor, Nov 26, 2026/);
    expect(await page.locator('main strong').textContent()).toBe('77.80 USD');
    await inspect(page, 'changed-meanwhile');
    expect(await page.getByLabel('Payment amount').inputValue()).toBe('5.00');
    await press('Send');
    expect(await heading()).toBe('Patron Services');
    await page.goto(form);
    expect(await page.locator('main').textContent()).toContain('payment received, 5.00 USD');
    await inspect(page, 'sent-before');
  });

  it('work without JavaScript: selected fees, refused, confirmed, and a bulk waive with its progress', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    const click = (name: string) => plain.getByRole('button', { name, exact: true }).click();
    await signIn(plain, server.site, 'mo');
    await plain.goto(`${home}/fees`);
    await click('Waive Selected');
    expect(await plain.locator('.warning').textContent()).toContain('No fee is selected');
    await plain.goBack();
    await plain.getByLabel('Select Overdue fine, Atlas of tides').check();
    await plain.getByLabel('Select Lost item process fee').check();
    await click('Waive Selected');
    await click('Waive');
    expect(await plain.getByRole('alert').getByRole('link').textContent()).toBe('Choose a reason.');
    await plain.getByLabel('Waiving reason').selectOption({ index: 1 });
    await click('Waive');
    await click('Confirm');
    expect(await plain.getByRole('status').textContent()).toContain('Waived');
    expect(await plain.locator('dd').first().textContent()).toBe('65.00 USD');
    await plain.goto(`${server.site}/bulk-waive`);
    // Nobody owes this little, so the other tests find their patrons unchanged.
    await plain.getByLabel('Maximum Fine Threshold').fill('0.01');
    await plain.getByLabel('Waiving Reason').selectOption({ index: 1 });
    await click('Show what would be waived');
    await plain.getByText('would be waived').waitFor();
    await click('Run Bulk Fine Waiving');
    await plain.getByText(/0 patrons differ/).waitFor();
    await context.close();
  });

  it('add a fee: refused without an amount; Add stays for another, Add and Close returns', async () => {
    await page.goto(`${home}/fees`);
    await follow('Add Fine or Fee');
    await inspect(page, 'add-fee');
    await press('Add');
    expect(await alert()).toContain('amount');
    await page.getByLabel('Fee amount').fill('2.5');
    await press('Add');
    expect([await heading(), await notice()]).toEqual(['Add Fine or Fee', 'Fee added, 2.50 USD.']);
    // Screen readers say what has the focus; a live region that was there from the start is silent.
    await expect.poll(() => page.evaluate('document.activeElement?.className')).toBe('notice');
    await page.getByLabel('Fee amount').fill('1');
    await press('Add and Close');
    expect([await heading(), await notice()]).toEqual(['User Details: Fines/Fees', 'Fee added, 1.00 USD.']);
    expect(await page.locator('dd').first().textContent()).toBe('83.50 USD');
  });

  it('titles: from right to left they move no amount, and long ones widen no page', async () => {
    const titles = [
      'رحلة ابن بطوطة (1), 2nd',
      '\u202Eelttil \u0627\u0644\u0643\u062A\u0627\u0628',
      'x'.repeat(2000),
    ];
    for (const title of titles) {
      await page.goto(`${home}/add-fee`);
      await page.getByLabel('Fee type').selectOption('OTHER');
      await page.getByLabel('Fee amount').fill('1');
      await page.getByLabel('Item title').fill(title);
      await press('Add and Close');
    }
    await page.setViewportSize({ width: 360, height: 720 });
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    await page.goto(`${home}/fees?sort=at&down=1`);
    expect(await width()).toBe(360);
    // Below the box of a card's first line, all names of columns begin at one edge.
    const edges = await page
      .locator('tbody tr')
      .first()
      .locator('td[data-label]')
      .evaluateAll((cells: { getBoundingClientRect(): { left: number } }[]) =>
        cells.map((cell) => cell.getBoundingClientRect().left),
      );
    expect(new Set(edges).size).toBe(1);
    const disputes = await page
      .getByRole('link', { name: /Dispute Other/ })
      .evaluateAll((links: { href: string }[]) => links.map(({ href }) => href));
    expect(disputes).toHaveLength(3);
    const named = page.getByRole('link', { name: 'Dispute Other, \u2068رحلة ابن بطوطة (1), 2nd\u2069' });
    expect(await named.count()).toBe(1);
    expect(await page.locator('td bdi').allInnerTexts()).toContain('رحلة ابن بطوطة (1), 2nd');
    for (const address of disputes) {
      await page.goto(address);
      expect(await width()).toBe(360);
      await page.setViewportSize({ width: 1000, height: 720 });
      const [name, amount] = await Promise.all(
        ['main form bdi', 'main form strong'].map((part) => page.locator(part).boundingBox()),
      );
      if (name && amount && name.height < 40) expect(amount.x).toBeGreaterThan(name.x + name.width - 1);
      await page.setViewportSize({ width: 360, height: 720 });
    }
    await page.setViewportSize({ width: 1000, height: 720 });
  });

  it('waive: selected fees, with amounts, a reason and a confirmation; a lost item shows a credit', async () => {
    await page.goto(`${home}/fees`);
    expect(await page.getByRole('button', { name: 'Waive Selected' }).isDisabled()).toBe(true);
    await page.getByLabel('Select Overdue fine, Atlas of tides').check();
    await page.getByLabel('Select Lost item replacement fee').check();
    await press('Waive Selected');
    await inspect(page, 'waive');
    await press('Waive');
    expect(await alert()).toContain('reason');
    await page.getByLabel('Fee amount, Lost item replacement fee').fill('45');
    await page.getByLabel('Waiving reason').selectOption({ index: 1 });
    await page.getByLabel('Comment').fill('Found by the Law Library');
    await press('Waive');
    expect(await page.locator('.confirm').textContent()).toContain('then 32.00 USD');
    await inspect(page, 'waive-confirm');
    await follow('Back');
    expect(await page.getByLabel('Comment').inputValue()).toBe('Found by the Law Library');
    await press('Waive');
    await press('Confirm');
    expect(await page.locator('dd').first().textContent()).toBe('32.00 USD');
    await follow('Next page');
    expect(await page.locator('tbody').textContent()).toContain('−45.00');
  });

  it('dispute and restore: a fee leaves the active balance and returns; nothing to restore is refused', async () => {
    await page.goto(`${home}/fees`);
    await page.getByRole('link', { name: 'Dispute Overdue fine, Atlas of tides' }).click();
    const form = page.url();
    await page.getByLabel('Comment').fill('Returned in time');
    await inspect(page, 'dispute');
    await press('Dispute');
    expect(await page.locator('dd').allInnerTexts()).toEqual(
      expect.arrayContaining(['77.00 USD', '21.25 USD']),
    );
    await page.goto(`${form.replace(/dispute\/[^?]+/, 'dispute')}`);
    await press('Dispute');
    expect(await alert()).toContain('disputed');
    await page.goto(`${home}/fees?status=disputed`);
    await page.getByRole('link', { name: 'Restore Overdue fine, Atlas of tides' }).click();
    await inspect(page, 'restore');
    await press('Restore');
    expect(await notice()).toBe('Dispute resolved: \u2068Overdue fine, Atlas of tides\u2069, 3.00 USD owed.');
    expect(await page.locator('dd').first().textContent()).toBe('80.00 USD');
  });

  it('transfer: refused above what is owed, confirmed, and then part of the transferred balance', async () => {
    await page.goto(`${home}/fees`);
    await page.getByRole('link', { name: 'Transfer Overdue fine, Atlas of tides' }).click();
    await inspect(page, 'transfer');
    await page.getByLabel('Amount to transfer').fill('3.01');
    await press('Transfer');
    expect(await alert()).toContain('3.01');
    // A long error in a table is shown whole.
    const error = await page.locator('.error').boundingBox();
    expect(error && error.x >= 0 && error.x + error.width <= 1000 && error.height > 30).toBe(true);
    await page.getByLabel('Amount to transfer').fill('3.00');
    await press('Transfer');
    await press('Confirm');
    expect(await page.locator('dd').allInnerTexts()).toEqual(
      expect.arrayContaining(['77.00 USD', '8.00 USD']),
    );
  });

  it('credits: refunded up to what is unused, the rest transferred, and neither is offered for goodwill', async () => {
    const { permissions: _, ...open } = desk.policy;
    const stream = { institution, patronId: `verma${patrons}` };
    const credit = { type: 'IssueCredit', at: now } as const;
    await execute(desk.store, open, stream, [
      { ...credit, id: 'money', cause: 'imported', amount: '8.00' },
      { ...credit, id: 'gift', cause: 'manual', reason: 'GOODWILL', amount: '1.00' },
    ]);
    await page.goto(`${home}/fees?sort=remaining`);
    const offered = (amount: string) =>
      page.locator('tr', { hasText: amount }).locator('.actions a').allInnerTexts();
    expect(await offered('−8.00')).toEqual(['Apply', 'Refund', 'Transfer']);
    expect(await offered('−1.00')).toEqual(['Apply']);
    await page.getByRole('link', { name: 'Refund Credit' }).click();
    await inspect(page, 'refund-credit');
    await page.getByLabel('Amount to refund').fill('8.01');
    await press('Refund');
    expect(await alert()).toContain('8.01');
    await page.getByLabel('Amount to refund').fill('5.00');
    await press('Refund');
    await press('Confirm');
    expect(await notice()).toBe('Credit paid out, 5.00 USD.');
    await page.goto(`${home}/fees?sort=remaining`);
    await page.getByRole('link', { name: 'Transfer Credit' }).click();
    await press('Transfer');
    expect(await page.locator('.confirm').textContent()).toContain('3.00 USD will be transferred');
    await press('Confirm');
    expect(await page.locator('dd').allInnerTexts()).toEqual(
      expect.arrayContaining(['79.00 USD', '2.00 USD']),
    );
  });

  it('network activity: the accounts of other institutions, in their currencies', async () => {
    await page.goto(`${server.site}/patrons/u0000010/network`);
    const sums = page.getByRole('table', { name: 'Balances in the network' });
    const rows = await sums.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t')[0])).toEqual(
      ['North University (here)', 'South College', 'Maple Institute', 'Total in CAD', 'Total in USD'].sort(
        (a, b) => rows.findIndex((row) => row.startsWith(a)) - rows.findIndex((row) => row.startsWith(b)),
      ),
    );
    await inspect(page, 'network-activity');
    await page.goto(`${home}/network`);
    expect(await page.locator('tbody').textContent()).toContain('No account');
  });

  it('statement: all that happened, or a period of it; an impossible date is refused', async () => {
    await page.goto(`${home}/statement`);
    await inspect(page, 'statement');
    expect(await printed()).toEqual(['paper']);
    const whole = await page.locator('tbody tr').count();
    await page.getByLabel('From').fill('2026-10-01');
    await press('Show');
    expect(await page.locator('tbody tr').count()).toBeLessThan(whole);
    await page.goto(`${home}/statement?from=yesterday`);
    expect(await alert()).toContain('yesterday');
  });

  it('roles: what an operator may not do is hidden, and refused at its address; a limit is on the form', async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    const operator = await context.newPage();
    await signIn(operator, server.site, 'kim');
    await operator.goto(`${home}/fees`);
    for (const menu of await operator.locator('summary').all()) await menu.click();
    const links = await operator.locator('main a, main button, nav a').allTextContents();
    expect(links).toEqual(expect.arrayContaining(['Waive', 'Dispute', 'Waive Selected', 'Pay Selected']));
    for (const hidden of ['Transfer', 'Transfer Selected', 'Restore', 'Till', 'Bulk Fine Waiving'])
      expect(links).not.toContain(hidden);
    await operator.goto(`${home}/waive?feeId=fee2`);
    await operator.getByLabel('Waiving reason').selectOption({ index: 1 });
    await operator.getByRole('button', { name: 'Waive' }).click();
    expect(await operator.getByRole('alert').textContent()).toContain('up to 10.00, not 60.00');
    await inspect(operator, 'above-the-limit');
    await operator.goto(`${home}/transfer?feeId=fee2`);
    expect(await operator.getByRole('alert').textContent()).toContain('needs the role Circulation Desk');
    expect(await operator.locator('main button').count()).toBe(0);
    await inspect(operator, 'not-permitted');
    await context.close();
  });

  it('till: by desk and method, by what is chosen, and refused where the period is impossible', async () => {
    await page.goto(`${server.site}/till?from=2026-01-01&to=2026-12-31`);
    expect(await page.locator('tbody tr').last().textContent()).toContain('Total');
    expect(await page.locator('tbody tr').first().textContent()).toMatch(/Law desk.*Cash/s);
    await inspect(page, 'till');
    const csv = await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href');
    expect(await (await page.request.get(server.site + csv)).text()).toContain('desk,method');
    await page.goto(`${server.site}/till?from=2026-12-31&to=2026-01-01`);
    expect(await alert()).toContain('no earlier than');
  });

  it('errors: told at their field, which has the focus; they are gone when somebody comes back later', async () => {
    await page.goto(`${home}/pay`);
    await page.getByLabel('Payment amount').fill('ten');
    await press('Send');
    const amount = page.getByLabel('Payment amount');
    expect(
      await amount.evaluate(
        (field: object) =>
          field === (globalThis as { document?: { activeElement: object } }).document?.activeElement,
      ),
    ).toBe(true);
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#amount-error').textContent()).toBe('Enter an amount such as 12.50.');
    await inspect(page, 'errors-at-fields');
    await page.getByRole('alert').getByRole('link').click();
    expect(page.url()).toContain('#amount');
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    expect(await page.locator('[role="alert"], .error, [aria-invalid]').count()).toBe(0);
    expect(await amount.inputValue()).toBe('ten');
    expect(await page.title()).not.toContain('Error');
  });

  it('keys: press links and buttons, not in fields, and can be switched off', async () => {
    await page.goto(home);
    await page.keyboard.press('f');
    await page.waitForURL(`${home}/fees`);
    await page.locator('tbody input[type="checkbox"]').first().check();
    await page.keyboard.press('w');
    await page.waitForURL(/\/waive\//);
    await page.getByLabel('Comment').pressSequentially('f/?');
    expect(await page.getByLabel('Comment').inputValue()).toBe('f/?');
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.waitForURL(`${server.site}/keys`);
    await inspect(page, 'keys');
    await page.getByLabel('Use these keys').uncheck();
    await page.locator('h1').click();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.tagName')).not.toBe('INPUT');
    await page.getByLabel('Use these keys').check();
    await page.locator('h1').click();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('INPUT');
  });

  it('fines and fees: six rows in sight at 1366 x 768, below one line each of header, balances and actions', async () => {
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.goto(`${home}/fees`);
    type Part = { getBoundingClientRect(): { top: number; bottom: number } };
    const boxes = (part: string) =>
      page
        .locator(part)
        .evaluateAll((parts: Part[]) =>
          parts.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })),
        );
    const rows = await boxes('tbody tr');
    expect(rows.filter(({ bottom }) => bottom <= 768).length).toBeGreaterThanOrEqual(6);
    for (const line of ['header > *', '.line > div', '.toolbar > *']) {
      const parts = await boxes(line);
      expect(parts.length).toBeGreaterThanOrEqual(4);
      const [first] = parts;
      // All parts of a line are beside the first one.
      for (const { top, bottom } of parts)
        expect(top < (first?.bottom ?? 0) && bottom > (first?.top ?? 0)).toBe(true);
    }
    await page.setViewportSize({ width: 1000, height: 720 });
  });

  it('rows: Pay and Waive of each, also of a transferred fee, which is paid once its transfer is undone', async () => {
    await page.goto(`${home}/fees?status=all`);
    const offered = (name: string) =>
      page.locator('tr', { hasText: name }).locator('.actions a').allInnerTexts();
    expect(await offered('Atlas of tides')).toEqual(['Pay', 'Waive', 'Dispute', 'Transfer']);
    expect(await offered('Birds of the north')).toEqual(['Waive', 'Restore']);
    expect(await offered('Card renewal')).toEqual(['Pay', 'Waive']);
    await page.getByRole('link', { name: 'Waive Card renewal' }).click();
    await page.getByLabel('Waiving reason').selectOption({ index: 1 });
    await press('Waive');
    expect(await page.locator('.confirm').textContent()).toContain('5.00 USD will be waived');
    await page.goto(`${home}/pay?feeId=fee5`);
    expect(await page.locator('.warning').textContent()).toContain(
      'is paid in Student accounts: Card renewal, 5.00 USD',
    );
    await press('Send');
    expect(await page.getByRole('alert').count()).toBe(1);
    await follow('undo the transfer');
    await press('Undo');
    await press('Confirm');
    expect(await notice()).toBe('Transfer recalled, 5.00 USD.');
    await page.getByRole('link', { name: 'Pay Card renewal' }).click();
    await press('Send');
    expect(await notice()).toContain('Payment received, 5.00 USD.');
  });

  it('a lost item that came back: what it cost is given back, after a confirmation', async () => {
    await page.goto(`${home}/fees`);
    await page.getByRole('link', { name: 'Returned Lost item replacement fee' }).click();
    await inspect(page, 'return-item');
    await press('Returned');
    expect(await page.locator('.confirm').textContent()).toContain(
      'Active balance: 80.00 USD, then 20.00 USD',
    );
    await press('Confirm');
    expect(await notice()).toContain('Lost item returned');
    expect(await page.locator('tr', { hasText: 'Lost item replacement fee' }).count()).toBe(0);
    await page.goto(`${home}/fees?status=closed`);
    expect(await page.getByRole('link', { name: 'Returned Lost item replacement fee' }).count()).toBe(0);
  });

  it('limits passed in parts: two waivers of one day that are above a limit only together', async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    const operator = await context.newPage();
    await signIn(operator, server.site, 'kim');
    for (const amount of ['9.00', '10.00']) {
      await operator.goto(`${home}/waive?feeId=fee2`);
      await operator.getByLabel('Fee amount').fill(amount);
      await operator.getByLabel('Waiving reason').selectOption('Other');
      await operator.getByRole('button', { name: 'Waive' }).click();
      await operator.getByRole('button', { name: 'Confirm' }).click();
    }
    await context.close();
    await page.goto(`${server.site}/splits`);
    expect(await page.locator('tbody tr', { hasText: 'Kim Okafor' }).first().textContent()).toMatch(
      /Dev Verma2026-11-26Kim Okaforwaive fees10\.00 USD219\.00 USD/,
    );
    await inspect(page, 'splits');
    await page.goto(`${server.site}/splits?from=2026-12-31&to=2026-01-01`);
    expect(await alert()).toContain('no earlier than');
  });

  it('several accounts: paid together with one receipt, and merged after a confirmation', async () => {
    await addGuidesPatron(desk, `other${patrons}`, `88${patrons}`);
    await page.goto(home);
    await follow('Pay together');
    await page.getByLabel(/^Barcodes of the others/).fill(`88${patrons}`);
    await press('Show');
    expect(await page.locator('main strong').textContent()).toBe('161.60 USD');
    await inspect(page, 'pay-together');
    await press('Send');
    expect(await page.locator('main').textContent()).toContain(
      'Part of one payment, together with Dev Verma',
    );
    await page.goto(home);
    await follow('Merge accounts');
    await page.getByLabel('Barcode of the account that is kept').fill(`88${patrons}`);
    await inspect(page, 'merge-accounts');
    await press('Merge');
    expect(await page.locator('.confirm').textContent()).toContain(`77${patrons} (active balance −0.80 USD)`);
    await press('Confirm');
    expect(await page.locator('.warning').first().textContent()).toContain('is merged into that of');
    await follow('Separate accounts');
    await press('Confirm');
    expect(await page.locator('.warning', { hasText: 'merged' }).count()).toBe(0);
  });

  it('a till: opened with a float, and counted', async () => {
    await page.goto(`${server.site}/till-session`);
    await page.getByLabel('Money in the drawer').fill('50.00');
    await press('Open the till');
    await page.getByLabel('Counted, Cash').fill('49.50');
    await inspect(page, 'till-session');
    await press('Close the till');
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/Cash\s+50\.00\s+49\.50\s+−0\.50\s+0\.00/),
    ]);
    await inspect(page, 'till-counted');
  });

  it('forms: the first field has the focus, so that a clerk types at once', async () => {
    const paths = ['pay', 'add-fee', 'waive?feeId=fee1', 'dispute?feeId=fee1', 'restore?feeId=fee4'];
    const more = [
      'transfer?feeId=fee1',
      'return-item?feeId=fee2',
      'apply-credit?creditId=goodwill1',
      'merge',
    ];
    const addresses = [...paths, ...more].map((path) => `${home}/${path}`);
    for (const address of [...addresses, `${server.site}/till-session`, `${server.site}/bulk-waive`]) {
      await page.goto(address);
      const focused = await page.evaluate(
        `document.querySelector('main form[method="post"] :is(input:not([type="hidden"]), select, textarea)') === document.activeElement`,
      );
      expect([address, focused]).toEqual([address, true]);
    }
  });

  it('pay selected: leaves out what is disputed, and says so', async () => {
    await page.goto(`${home}/fees?status=all`);
    await page.getByLabel('Select Overdue fine, Atlas of tides').check();
    await page.getByLabel('Select Damaged item fine').check();
    await press('Pay Selected');
    expect(await page.locator('.warning').textContent()).toBe(
      'Left out, because it is disputed: Damaged item fine, Birds of the north, 18.25 USD.',
    );
    expect(await page.getByLabel('Payment amount').inputValue()).toBe('3.00');
    await inspect(page, 'left-out');
    await press('Send');
    expect(await notice()).toContain('Payment received, 3.00 USD.');
  });

  it('bulk waive: refused without a reason, dry run, run with progress, stopped and continued', async () => {
    await page.goto(`${server.site}/bulk-waive`);
    await inspect(page, 'bulk-waive');
    await page.getByLabel('Maximum Fine Threshold').fill('40');
    await page.getByLabel('Waive Fines Types').selectOption('OVERDUEFINE');
    await press('Show what would be waived');
    expect(await alert()).toContain('reason');
    expect(await page.evaluate('document.activeElement.id')).toBe('reason');
    await page.getByLabel('Waiving Reason').selectOption({ index: 1 });
    await page.getByLabel('Through').fill('2026-11-20');
    await press('Show what would be waived');
    await page.getByText('would be waived').waitFor();
    await inspect(page, 'bulk-waive-dry-run');
    const planned = await page.locator('main strong').textContent();
    let allow = () => {};
    allowed = new Promise((resolve) => {
      allow = resolve;
    });
    await press('Run Bulk Fine Waiving');
    await page.getByText('Working:').first().waitFor();
    await press('Stop');
    // One request for the progress that fails does not end it.
    const other = await page.context().newPage();
    await other.goto(page.url());
    const failed = other.waitForEvent('requestfailed');
    await other.route('**/bulk-waive/*', (route) => route.abort(), { times: 1 });
    await failed;
    allow();
    await other.getByText('Stopped:').waitFor();
    await other.close();
    await page.getByText('Stopped:').waitFor();
    await press('Go on');
    await page.getByText(/ waived; \d+ patrons differ/).waitFor();
    expect(await page.locator('main strong').textContent()).toBe(planned);
    await inspect(page, 'bulk-waive-result');
    await follow('new form and all jobs');
    const list = page.getByRole('region', { name: 'Jobs' });
    expect(await list.textContent()).toContain('Run: done');
    await inspect(page, 'bulk-waive-jobs', undefined, list);
  });
});
