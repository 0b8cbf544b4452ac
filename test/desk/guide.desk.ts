import { readFileSync, rmSync } from 'node:fs';
import type { Command } from 'patron-fees';
import { bursarReference } from 'patron-fees/bursar';
import { execute, loadAccount } from 'patron-fees/history';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Desk, institution, policyWithoutPayments } from '../../examples/desk/desk.js';
import { addGuidesPatron } from '../../examples/desk/samplePatrons.js';
import { startBrowser, watchedPage } from '../site/support/browser.js';
import { describeWith } from '../support/programs.js';
import { actionsOn, expectNoTrouble, inspect, signIn } from './support/deskBrowser.js';
import { now, sampleDesk } from './support/deskClient.js';
import { type DeskServer, startDesk } from './support/deskServer.js';

/** The numbers of the page "The guide and this library". */
const document = readFileSync(new URL('../../docs/concepts/the-guide.md', import.meta.url), 'utf8');
const numbers = [...document.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));

const tested: number[] = [];

/** The test of a number of the page. */
function says(number: number, title: string, test: () => Promise<void>): void {
  tested.push(number);
  it(`${number} ${title}`, test);
}

it('each number of the page has a test of that number', () => {
  expect(numbers).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
  expect(tested).toEqual(numbers);
});

describeWith(['chromium'], 'the guide', () => {
  let browser: Browser;
  let desk: Desk;
  let server: DeskServer;
  let page: Page;
  let trouble: Awaited<ReturnType<typeof watchedPage>>['trouble'];
  let patrons = 0;
  /** The barcode and the address of the patron of a test, who has something of everything. */
  let barcode: string;
  let home: string;

  beforeAll(async () => {
    [browser, desk] = await Promise.all([startBrowser(), sampleDesk(20)]);
    server = await startDesk(desk);
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    ({ page, trouble } = await watchedPage(context, server.site));
    await signIn(page, server.site, 'mo');
  });

  beforeEach(async () => {
    patrons += 1;
    barcode = `55${patrons}0`;
    home = `${server.site}/patrons/guide${patrons}`;
    await addGuidesPatron(desk, `guide${patrons}`, barcode);
  });

  afterEach(() => expectNoTrouble(trouble));

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(desk.outbox.folder, { recursive: true, force: true });
  });

  const { press, follow, notice, menu } = actionsOn(() => page);
  const heading = () => page.locator('h1').textContent();
  const main = () => page.locator('main').textContent();
  const rows = () => page.locator('tbody tr').allInnerTexts();
  /** The balances of the summary, by name. */
  const balances = async () => {
    const [names, amounts] = await Promise.all(
      ['dl.figures dt', 'dl.figures dd'].map((part) => page.locator(part).allInnerTexts()),
    );
    return Object.fromEntries((names ?? []).map((name, index) => [name, amounts?.[index]]));
  };
  /** Opens Patron Services as a clerk does: by the barcode, from the start page. */
  const openServices = async () => {
    await page.goto(server.site);
    await page.getByLabel('Scan patron’s ID or search for patron').fill(barcode);
    await press('Go');
  };
  /** Opens the tab "Fines/Fees", with the rows of a status. */
  const openFees = (status = 'active') => page.goto(`${home}/fees?status=${status}`);
  const row = (text: string) => page.locator('tbody tr').filter({ hasText: text });
  /** The Original Amount and the Remaining Balance of a row. */
  const amounts = (text: string) => row(text).locator('td.amount').allInnerTexts();
  const tides = 'Atlas of tides';

  says(1, 'a list of what the patron was charged', async () => {
    await openFees('all');
    expect(await main()).toContain('of 15');
    expect((await rows())[0]).toMatch(/Overdue fine\s+Atlas of tides\s+Active\s+Main Library/);
  });

  says(2, 'a name and Go, then Patron Services', async () => {
    await page.goto(server.site);
    expect(await heading()).toBe('Patron Identification');
    const only = { patronId: `q${patrons}`, name: 'Quill Xander', barcode: '990', group: 'GRADUATE' };
    desk.directory.add({ ...only, email: 'q@north.example', language: 'en', hasOverdueLoans: false }, []);
    await page.getByLabel('Scan patron’s ID or search for patron').fill('Xander Quill');
    await press('Go');
    expect(await heading()).toBe('Patron Services');
    expect(await page.locator('.patron').textContent()).toContain('Quill Xander');
  });

  says(3, 'the value of the Active balance is a link', async () => {
    await openServices();
    await page.locator('.balance').getByRole('link', { name: '80.00 USD' }).click();
    expect(page.url()).toBe(`${home}/fees`);
  });

  says(4, 'the tab Fines/Fees of User Details, with all fines and fees', async () => {
    await page.goto(`${home}/fees`);
    expect(await heading()).toBe('User Details: Fines/Fees');
    expect(await page.locator('.tabs ul').last().getByRole('link').allInnerTexts()).toEqual([
      'General',
      'Fines/Fees',
      'Blocks',
      'Network Activity',
      'Statement',
    ]);
    expect(await page.locator('.tabs [aria-current="page"]').textContent()).toBe('Fines/Fees');
    await page.getByLabel('Fine/fee status').selectOption('All');
    await press('Filter');
    await follow('Next page');
    expect(await page.locator('.pages').textContent()).toContain('Rows 11 to 15 of 15');
    await follow('General');
    expect(await main()).toContain('dev.verma@north.example');
    await inspect(page, 'user-details');
    await follow('Blocks');
    expect((await rows())[0]).toMatch(/Blocked\s+50\.00\s+99\.05\s+18\.25/);
    await inspect(page, 'blocks');
  });

  says(5, 'Network Activity has the fees for loans of other institutions, to be read', async () => {
    await page.goto(`${server.site}/patrons/u0000010/fees`);
    await follow('Network Activity');
    const list = page.getByRole('table', { name: 'Fines and fees at other institutions' });
    const texts = await list.locator('tbody tr').allInnerTexts();
    expect(texts.map((text) => text.split('\t'))).toEqual(
      [
        ['South College', 'USD'],
        ['Maple Institute', 'CAD'],
      ].map(([institution, currency]) => [
        institution,
        'Overdue fine',
        'Readings on the road 10\n510',
        'loan-10',
        'Sep 20, 2026',
        'Active',
        'Oct 1, 2026',
        `1.50 ${currency}`,
        `1.50 ${currency}`,
      ]),
    );
    expect(await list.locator('a, button, input').count()).toBe(0);
  });

  says(6, 'five balances', async () => {
    await openFees('disputed');
    expect(await balances()).toEqual({
      'Active balance': '80.00 USD',
      'Disputed balance': '18.25 USD',
      'Transferred balance': '5.00 USD',
      'Currently filtered balance': '0.00 USD',
      'Currently filtered disputed balance': '18.25 USD',
    });
  });

  says(7, 'Save and Cancel return to Patron Services; what was recorded is listed, and stays', async () => {
    for (const leave of [() => press('Save'), () => follow('Cancel')]) {
      await openFees();
      expect(await page.locator('.leave').textContent()).toContain('Each form is recorded when it is sent');
      await leave();
      expect([await heading(), page.url()]).toEqual(['Patron Services', home]);
    }
    await openFees();
    await page.goto(`${home}/add-fee`);
    await page.getByLabel('Fee Amount').fill('2.50');
    await press('Add and Close');
    await follow('Cancel');
    expect(await heading()).toBe('Cancel');
    expect(await page.locator('.warning').textContent()).toContain('It stays recorded, unless you undo it');
    expect(await page.locator('main > ul').textContent()).toMatch(/Fee assessed, 2\.50 USD,.*Mo Castellano/);
    await inspect(page, 'cancel-visit');
    await page.getByRole('link', { name: 'Undo Fee assessed' }).click();
    expect(await main()).toContain('To undo: fee added, 2.50 USD');
    await inspect(page, 'undo');
    await press('Undo');
    expect(await page.locator('.confirm').textContent()).toContain(
      'Active balance: 82.50 USD, then 80.00 USD',
    );
    await follow('Back');
    await follow('Fines/Fees');
    await follow('Cancel');
    await press('Keep these changes');
    expect(await notice()).toBe('Saved: 1 change of this visit.');
    await follow('Patron Services');
    expect(await page.locator('.balance').textContent()).toContain('82.50 USD');
    // A visit ends with Save: the next one begins without changes.
    await openFees();
    await press('Save');
    expect(page.url()).toBe(home);
  });

  says(8, 'exported fines and refunds are transferred; closed where nothing is reported back', async () => {
    // Money that the library owes the patron, taken over from another system.
    await asAnotherSystem({ type: 'IssueCredit', id: 'money', cause: 'imported', amount: '4.00', at: now });
    const fees = [{ feeId: 'fee3' }];
    await asAnotherSystem({ type: 'TransferFees', id: 'kept', fees, expectsSettlement: false, at: now });
    await page.goto(`${server.site}/student-system`);
    await page.getByLabel('Minimum amount').fill('3.00');
    await page.getByLabel('Also credits').check();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await inspect(page, 'student-system-confirm');
    await page.getByRole('button', { name: 'Confirm the export' }).click();
    expect(await heading()).toBe('Student system: export');
    await inspect(page, 'student-system-export');
    await openFees('transferred');
    expect(await row(tides).textContent()).toContain('Transferred');
    expect(await row('Credit').textContent()).toContain('Transferred');
    await page.goBack();
    const file = await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href');
    const csv = await (await page.request.get(server.site + file)).text();
    expect(csv).toMatch(new RegExp(`guide${patrons}@export-.*fee1,OVERDUEFINE,OVERDUEFINE,3\\.00`));
    await openFees('closed');
    expect(await row('Lost item process fee').textContent()).toContain('Closed');
  });

  says(9, 'the status there is here after an import', async () => {
    const reference = await exportTides();
    await importFile(`reference,amount\n${reference},3.00\n`);
    expect(await main()).toContain('Fees paid3.00 USD, 1 fee');
    await inspect(page, 'student-system-import');
    await openFees('closed');
    expect(await row(tides).textContent()).toContain('Closed');
    // What is not understood is a finding, and nothing is lost.
    await importFile('reference,amount\nnobody@export-1,3.00\n');
    expect(await main()).toContain('nothing was exported under the reference');
    await page.goto(`${server.site}/student-system`);
    await inspect(page, 'student-system');
  });

  says(10, 'transferred and closed fines are shown with the status All', async () => {
    await page.goto(`${home}/fees`);
    expect(await page.getByLabel('Fine/fee status').inputValue()).toBe('active');
    expect(await main()).not.toContain('Card renewal');
    await page.getByLabel('Fine/fee status').selectOption('All');
    await press('Filter');
    expect(await row('Card renewal').textContent()).toContain('Transferred');
    await follow('Next page');
    expect(await row('Tide tables').textContent()).toContain('Closed');
  });

  says(11, 'with a student system, nothing is paid here', async () => {
    const bursar = await startDesk({ ...desk, policy: policyWithoutPayments });
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    const clerk = await context.newPage();
    await signIn(clerk, bursar.site, 'mo');
    const text = 'Fines are paid in the student system. No payments are taken here.';
    for (const path of ['', '/fees', '/pay']) {
      await clerk.goto(`${bursar.site}/patrons/guide${patrons}${path}`);
      expect(await clerk.locator('main').textContent()).toContain(text);
      expect(await clerk.getByText(/^Pay( Selected)?$/).count()).toBe(0);
    }
    await inspect(clerk, 'no-payments');
    await context.close();
    await bursar.stop();
  });

  says(12, 'what was paid there is among the transactions, after an import', async () => {
    const reference = await exportTides();
    await importFile(`reference,amount\n${reference},3.00\n`);
    await openFees('closed');
    await row(tides)
      .getByRole('link', { name: /transactions of/ })
      .click();
    expect((await rows()).at(-1)).toMatch(/3\.00/);
    expect(await rows()).toHaveLength(4);
  });

  says(13, 'a patron is looked up as for a loan, and pays from Patron Services', async () => {
    await page.goto(`${home}/statement`);
    await menu('Fulfillment', 'Checkout/Checkin', 'Manage Patron Services');
    await page.getByLabel('Scan patron’s ID or search for patron').fill(barcode);
    await press('Go');
    expect(await main()).toContain('Maps of the sea');
    expect(await page.getByRole('link', { name: 'Pay', exact: true }).count()).toBe(1);
  });

  says(14, 'the Active balance is below the name', async () => {
    await openServices();
    expect(await page.locator('.balance').textContent()).toBe('Active balance: 80.00 USD');
    // An unused credit is part of it; what can be paid is more.
    await follow('Pay');
    expect(await page.getByLabel('Payment amount').inputValue()).toBe('80.80');
    await page.goBack();
    const [name, balance] = await Promise.all(
      ['.patron', '.balance'].map((part) => page.locator(part).boundingBox()),
    );
    expect(balance?.y).toBeGreaterThan(name?.y ?? Infinity);
  });

  says(15, 'Send Activity Report sends fines and fees by e-mail, once', async () => {
    await openServices();
    await follow('Send Activity Report');
    expect(await page.frameLocator('iframe').locator('body').textContent()).toContain(tides);
    await press('Send');
    expect(await page.locator('.notice').textContent()).toContain('Sent to dev.verma@north.example');
  });

  says(16, 'Pay opens Payment Details', async () => {
    await openServices();
    await follow('Pay');
    expect(await heading()).toBe('Payment Details');
  });

  says(17, 'a method of the menu, the Payment amount, Send', async () => {
    await page.goto(`${home}/pay`);
    expect(await page.getByLabel('Payment method').locator('option').allInnerTexts()).toEqual([
      'Cash',
      'Credit card',
      'Debit card',
      'Online',
      'Check',
    ]);
    await page.getByLabel('Payment method').selectOption('Check');
    await page.getByLabel('Payment amount').fill('30.00');
    await press('Send');
    await follow('Receipt');
    expect(await main()).toMatch(/Amount30\.00 USD\s+MethodCheck/);
  });

  says(18, 'the fine is recorded as paid', async () => {
    await page.goto(`${home}/pay?feeId=fee1`);
    await press('Send');
    await page.goto(`${home}/pay?feeId=fee6`);
    await press('Send');
    await openFees('closed');
    expect(await amounts('Evening readings 1')).toEqual(['0.25', '0.00']);
    expect(await amounts(tides)).toEqual(['4.50', '0.00']);
    await row(tides)
      .getByRole('link', { name: /transactions of/ })
      .click();
    expect((await rows()).at(-1)).toMatch(/Payment, Cash.*3\.00\s+0\.00/s);
  });

  says(19, 'the clerk goes on at Patron Services, or leaves with Done', async () => {
    await page.goto(`${home}/pay`);
    await press('Send');
    expect([await heading(), await notice()]).toEqual([
      'Patron Services',
      'Payment received, 80.80 USD. Receipt',
    ]);
    await follow('Done');
    expect(await heading()).toBe('Patron Identification');
  });

  says(20, 'the search bar is on every page', async () => {
    const bar = () => page.getByLabel('Search users');
    for (const path of ['', '/fees', '/pay', '/statement']) {
      await page.goto(`${home}${path}`);
      expect(await bar().count()).toBe(1);
    }
    await openFees('all');
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    expect(
      await bar().evaluate(
        (field: { getBoundingClientRect(): { y: number } }) => field.getBoundingClientRect().y,
      ),
    ).toBeGreaterThan(0);
    expect(await page.evaluate('scrollY')).toBeGreaterThan(100);
    await page.goto(`${server.site}/till`);
    await bar().fill(`verma ${barcode.slice(1)} dev`);
    await bar().press('Enter');
    expect(page.url()).toBe(`${home}/details`);
    await bar().fill('verma dev');
    await bar().press('Enter');
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(1);
  });

  says(21, 'User Details, then its tab Fines/Fees', async () => {
    await page.goto(server.site);
    await page.getByLabel('Search users').fill(barcode);
    await page.getByLabel('Search users').press('Enter');
    expect(await heading()).toBe('User Details: General');
    await follow('Fines/Fees');
    expect(await heading()).toBe('User Details: Fines/Fees');
  });

  says(22, 'Add Fine or Fee', async () => {
    await openFees();
    await follow('Add Fine or Fee');
    expect(await heading()).toBe('Add Fine or Fee');
  });

  says(23, 'Fee Type is chosen, Fee Amount is typed, and both are required; Credit is a type', async () => {
    await page.goto(`${home}/add-fee`);
    await press('Add');
    expect(await page.getByRole('alert').textContent()).toContain('amount');
    expect(await page.getByLabel('Fee Type').locator('option').allInnerTexts()).toContain('Locker key');
    await page.getByLabel('Fee Type').selectOption('Locker key');
    await page.getByLabel('Fee Amount').fill('7.00');
    await press('Add and Close');
    expect((await balances())['Active balance']).toBe('87.00 USD');
    await page.goto(`${home}/add-fee`);
    await page.getByLabel('Fee Type').selectOption('Credit');
    await page.getByLabel('Fee Amount').fill('6.50');
    await press('Add and Close');
    expect(await page.getByRole('alert').textContent()).toContain('Choose a reason.');
    await page.getByLabel('Reason, for the type Credit').selectOption('Goodwill');
    await press('Add and Close');
    expect(await notice()).toBe('Credit issued, 6.50 USD.');
    expect((await balances())['Active balance']).toBe('80.50 USD');
    await page.goto(`${home}/fees?sort=remaining`);
    await page.getByRole('link', { name: 'Apply Credit', exact: true }).click();
    await page.getByLabel('Fine or fee').selectOption({ label: 'Locker key: 7.00' });
    await inspect(page, 'apply-credit');
    await press('Apply');
    expect(await page.locator('.confirm').textContent()).toContain(
      'Active balance: 80.50 USD, then 80.50 USD',
    );
    await press('Confirm');
    expect(await notice()).toBe('Credit applied, 6.50 USD.');
    await page.goto(`${home}/fees?sort=at&down=1`);
    expect(await amounts('Locker key')).toEqual(['7.00', '0.50']);
  });

  says(24, 'other fields may be filled', async () => {
    await page.goto(`${home}/add-fee`);
    await page.getByLabel('Fee Amount').fill('1');
    await page.getByLabel('Fee owner').selectOption('Law Library');
    await page.getByLabel('Item barcode').fill('3999');
    await page.getByLabel('Item title').fill('Tort law');
    await page.getByLabel('Comment').fill('Pages are torn');
    await press('Add and Close');
    await page.goto(`${home}/fees?sort=at&down=1`);
    expect(await row('Tort law').textContent()).toMatch(/Pages are torn.*Law Library/s);
  });

  says(25, 'Add goes on, Add and Close ends', async () => {
    await page.goto(`${home}/add-fee`);
    await page.getByLabel('Fee Amount').fill('1');
    await press('Add');
    expect([await heading(), await page.getByLabel('Fee Amount').inputValue()]).toEqual([
      'Add Fine or Fee',
      '',
    ]);
    await page.getByLabel('Fee Amount').fill('2');
    await press('Add and Close');
    expect(await heading()).toBe('User Details: Fines/Fees');
    expect((await balances())['Active balance']).toBe('83.00 USD');
  });

  says(26, 'the fee is charged to the patron', async () => {
    await addFee('11.00');
    expect((await balances())['Active balance']).toBe('91.00 USD');
    await openServices();
    expect(await page.locator('.balance').textContent()).toContain('91.00 USD');
  });

  says(27, 'Save confirms it', async () => {
    await openFees();
    await addFee('11.00');
    await press('Save');
    expect(await notice()).toBe('Saved: 1 change of this visit.');
    expect(await page.locator('main > ul').textContent()).toContain('11.00 USD');
    await inspect(page, 'saved');
  });

  says(28, 'Waive Selected is above the table', async () => {
    await openFees();
    await page.getByLabel(`Select Overdue fine, ${tides}`).check();
    await page.getByLabel('Select Lost item process fee').check();
    const button = page.getByRole('button', { name: 'Waive Selected' });
    const [action, list] = await Promise.all(
      [button, page.locator('table')].map((part) => part.boundingBox()),
    );
    expect(action?.y).toBeLessThan(list?.y ?? 0);
    await button.click();
    expect(await page.getByLabel(/^Fee amount/).count()).toBe(2);
    // The next key is typed into the first field.
    expect(await page.evaluate('document.activeElement.id')).toBe('amount0');
  });

  says(29, 'Waive of a row opens Waiving Fine/Fee', async () => {
    await openFees();
    await page.getByRole('link', { name: `Waive Overdue fine, ${tides}` }).click();
    expect(await heading()).toBe('Waiving Fine/Fee');
  });

  says(30, 'the Fee amount to waive', async () => {
    await page.goto(`${home}/waive?feeId=fee1`);
    expect(await page.getByLabel('Fee amount').inputValue()).toBe('3.00');
    await page.getByLabel('Fee amount').fill('3.01');
    await waive();
    expect(await page.getByRole('alert').textContent()).toContain('3.01');
  });

  says(31, 'a Waiving reason of the list', async () => {
    await page.goto(`${home}/waive?feeId=fee1`);
    expect(await page.getByLabel('Waiving reason').locator('option').allInnerTexts()).toEqual([
      'Choose a reason',
      ...Object.values(desk.policy.waiveReasons).map(({ label }) => label),
    ]);
    await press('Waive');
    expect(await page.getByRole('alert').textContent()).toContain('Choose a reason.');
    await page.getByLabel('Waiving reason').selectOption('Staff error');
    await press('Waive');
    await press('Confirm');
    await page.goto(`${home}/rows/fee1`);
    expect((await rows()).at(-1)).toContain('Staff error');
  });

  says(32, 'a Comment', async () => {
    await page.goto(`${home}/waive?feeId=fee1`);
    await page.getByLabel('Comment').fill('The book drop was locked');
    await page.getByLabel('Note for staff').fill('Seen by Kim');
    await waive('1.00');
    expect(await page.locator('.confirm').textContent()).toMatch(/The book drop was locked.*Seen by Kim/s);
    await press('Confirm');
    await page.goto(`${home}/rows/fee1`);
    expect((await rows()).at(-1)).toContain('The book drop was locked');
  });

  says(33, 'Waive, then Confirm', async () => {
    await page.goto(`${home}/waive?feeId=fee1`);
    await waive('1.00');
    expect(await heading()).toBe('Waiving Fine/Fee: confirm');
    await openFees();
    expect(await amounts(tides)).toEqual(['4.50', '3.00']);
    await page.goto(`${home}/waive?feeId=fee1`);
    await waive('1.00');
    await press('Confirm');
    expect(await amounts(tides)).toEqual(['4.50', '2.00']);
  });

  says(34, 'the Remaining Balance falls; the Original Amount stays', async () => {
    await page.goto(`${home}/waive?feeId=fee1`);
    await waive('1.25');
    await press('Confirm');
    expect(await amounts(tides)).toEqual(['4.50', '1.75']);
  });

  says(35, 'the active and the disputed balance fall', async () => {
    await page.goto(`${home}/waive?feeId=fee1&feeId=fee4`);
    await waive();
    await press('Confirm');
    const { 'Active balance': active, 'Disputed balance': disputed } = await balances();
    expect([active, disputed]).toEqual(['77.00 USD', '0.00 USD']);
  });

  says(36, 'the Remaining Balance leads to the transactions', async () => {
    await openFees();
    await row(tides).getByRole('link', { name: '3.00, transactions of' }).click();
    expect(await heading()).toBe('Transactions');
    expect((await rows()).map((text) => text.split('\t')[1])).toEqual(['Fee assessed', 'Payment, Cash']);
  });

  says(37, 'a waived lost item keeps its Remaining Balance, and a credit is shown', async () => {
    await page.goto(`${home}/waive?feeId=fee2`);
    await waive('45.00');
    await press('Confirm');
    expect(await amounts('Lost item replacement fee')).toEqual(['60.00', '60.00\ncredit −45.00']);
    expect((await balances())['Active balance']).toBe('35.00 USD');
    await page.goto(`${home}/fees?sort=remaining`);
    expect((await rows())[0]).toMatch(/Credit\s+A history of glass.*−45\.00\s+−45\.00/s);
  });

  says(38, 'fines are waived in bulk by user group, type and maximum', async () => {
    await bulkForm();
    await page.getByLabel('Maximum Fine Threshold').fill('3.00');
    await page.getByLabel('User Group').selectOption('graduate');
    await page.getByLabel('Waive Fines Types').selectOption('OVERDUEFINE');
    await owing('inside', 'GRADUATE', { OVERDUEFINE: '2.00', OTHER: '0.50' });
    await owing('in-another-group', 'UNDERGRADUATE', { OVERDUEFINE: '2.00' });
    await owing('above-the-maximum', 'GRADUATE', { OVERDUEFINE: '3.50' });
    await dryRun();
    expect(await main()).toMatch(/Threshold:\s*3\.00 USD.*User groups: graduate.*Types: Overdue fine/s);
    await run();
    expect(await balanceOf('inside')).toBe('0.50 USD');
    expect(await balanceOf('in-another-group')).toBe('2.00 USD');
    expect(await balanceOf('above-the-maximum')).toBe('3.50 USD');
  });

  says(39, 'bulk waiving needs the role User Manager', async () => {
    const context = await browser.newContext();
    const lee = await context.newPage();
    await signIn(lee, server.site, 'lee');
    await lee.locator('summary', { hasText: 'Admin' }).click();
    expect(await lee.locator('.menu').getByRole('link').allInnerTexts()).toEqual(['Notices']);
    await lee.goto(`${server.site}/bulk-waive`);
    expect(await lee.getByRole('alert').textContent()).toContain('User Manager');
    await context.close();
  });

  says(40, 'Admin, User Management, Bulk Fine Waiving', async () => {
    await page.goto(`${home}/fees`);
    await menu('Admin', 'User Management', 'Bulk Fine Waiving');
    expect(await heading()).toMatch(/^bulk fine waiving$/i);
  });

  says(41, 'a patron who owes more than the threshold keeps every fine', async () => {
    await bulkForm();
    await page.getByLabel('Maximum Fine Threshold').fill('0.01');
    await dryRun();
    expect(await main()).toContain('0 patrons, 0 fees');
    expect(await main()).toMatch(/\d+ patrons? not waived: more owed than the threshold/);
  });

  says(42, 'users with overdue loans can be excluded', async () => {
    await bulkForm();
    await page.getByLabel(/^Exclude users with overdue loans$/i).check();
    await page.getByLabel('Maximum Fine Threshold').fill('0.03');
    await owing('in-time', 'GRADUATE', { OVERDUEFINE: '0.03' });
    await owing('late', 'GRADUATE', { OVERDUEFINE: '0.03' }, true);
    await dryRun();
    expect(await main()).toMatch(/\d+ patrons? not waived: overdue loans/);
    await run();
    expect([await balanceOf('in-time'), await balanceOf('late')]).toEqual(['0.00 USD', '0.03 USD']);
  });

  says(43, 'several user groups and fine types', async () => {
    await bulkForm();
    await page.getByLabel('User Group').selectOption(['graduate', 'undergraduate']);
    await page.getByLabel('Waive Fines Types').selectOption(['OVERDUEFINE', 'DAMAGEDITEMFINE']);
    await owing('one', 'GRADUATE', { OVERDUEFINE: '2.00', OTHER: '0.50' });
    await owing('two', 'UNDERGRADUATE', { DAMAGEDITEMFINE: '4.00' });
    await owing('outside', 'FACULTY', { OVERDUEFINE: '2.00' });
    await dryRun();
    expect(await main()).toMatch(
      /User groups: graduate, undergraduate.*Types: Overdue fine, Damaged item fine/s,
    );
    await run();
    expect([await balanceOf('one'), await balanceOf('two'), await balanceOf('outside')]).toEqual([
      '0.50 USD',
      '0.00 USD',
      '2.00 USD',
    ]);
  });

  says(44, 'a reason and a comment', async () => {
    await page.goto(`${server.site}/bulk-waive`);
    await page.getByRole('button', { name: /^Show what would be waived$/ }).click();
    expect(await page.getByRole('alert').textContent()).toMatch(/reason/);
    await page.getByLabel('Waiving Reason').selectOption('Grace period');
    await page
      .getByLabel(/Comment/)
      .first()
      .fill('End of the year');
    await page.getByLabel('Maximum Fine Threshold').fill('0.04');
    await owing('owes', 'GRADUATE', { OVERDUEFINE: '0.04' });
    await dryRun();
    expect(await main()).toMatch(/Reason: Grace period.*End of the year/s);
    await run();
    await page.goto(`${server.site}/patrons/owes${patrons}/rows/OVERDUEFINE`);
    expect((await rows()).at(-1)).toMatch(/Grace period.*End of the year/);
  });

  says(45, 'Run Bulk Fine Waiving runs it', async () => {
    await bulkForm();
    await page.getByLabel('Maximum Fine Threshold').fill('0.02');
    await owing('small', 'GRADUATE', { OVERDUEFINE: '0.02' });
    await dryRun();
    await run();
    expect(await main()).toMatch(/1 patron, 1 fee:\s*0\.02 USD\s+waived; 0 patrons differ/);
    await page.goto(`${server.site}/patrons/small${patrons}/fees?status=closed`);
    expect(await amounts('Overdue fine')).toEqual(['0.02', '0.00']);
    await row('Overdue fine')
      .getByRole('link', { name: /transactions of/ })
      .click();
    expect((await rows()).at(-1)).toMatch(/Waiv.*0\.02.*Mo Castellano.*Other/s);
  });

  /** Adds a fee, and returns to the list. */
  async function addFee(amount: string) {
    await page.goto(`${home}/add-fee`);
    await page.getByLabel('Fee Amount').fill(amount);
    await press('Add and Close');
  }

  /** Fills the form of a waiver with a reason, and sends it. */
  async function waive(amount?: string) {
    if (amount !== undefined) await page.getByLabel('Fee amount').fill(amount);
    await page.getByLabel('Waiving reason').selectOption('Other');
    await press('Waive');
  }

  async function bulkForm() {
    await page.goto(`${server.site}/bulk-waive`);
    await page.getByLabel('Waiving Reason').selectOption('Other');
  }

  async function dryRun() {
    await press('Show what would be waived');
    await page.getByText('would be waived').waitFor();
  }

  /** Runs the dry run that is shown. */
  async function run() {
    await press('Run Bulk Fine Waiving');
    await page.getByText(/ waived; 0 patrons differ/).waitFor();
  }

  /** Adds a patron of the test who owes fees of types. */
  async function owing(
    name: string,
    group: string,
    fees: Readonly<Record<string, string>>,
    hasOverdueLoans = false,
  ) {
    const [patronId, email] = [`${name}${patrons}`, `${name}@north.example`];
    desk.directory.add(
      { patronId, name, barcode: patronId, email, group, language: 'en', hasOverdueLoans },
      [],
    );
    for (const [feeType, amount] of Object.entries(fees))
      await asAnotherSystem(
        { type: 'AssessFee', id: feeType, feeType, amount, owner: 'MAIN', automatic: true, at: now },
        patronId,
      );
  }

  async function balanceOf(name: string) {
    await page.goto(`${server.site}/patrons/${name}${patrons}/fees`);
    return (await balances())['Active balance'];
  }

  /** Records what did not happen at this desk, so that no role is asked for. */
  async function asAnotherSystem(command: Command, patronId = `guide${patrons}`) {
    const { permissions: _, ...open } = desk.policy;
    await execute(desk.store, open, { institution, patronId }, command);
  }

  /** Transfers the patron's first fee at the desk. Returns the reference under which the student system knows it. */
  async function exportTides() {
    await page.goto(`${home}/transfer?feeId=fee1`);
    await press('Transfer');
    await press('Confirm');
    await page.getByRole('status').filter({ hasText: 'Transferred' }).waitFor();
    const patronId = `guide${patrons}`;
    const { account } = await loadAccount(desk.store, { institution, patronId });
    return bursarReference({ patronId, transferId: account.transfers.at(-1)?.transferId ?? '' });
  }

  async function importFile(content: string) {
    await page.goto(`${server.site}/student-system`);
    const file = { name: 'answer.csv', mimeType: 'text/csv', buffer: Buffer.from(content) };
    await page.getByLabel('File').setInputFiles(file);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'confirm the import' }).waitFor();
    const confirm = page.getByRole('button', { name: 'Confirm the import' });
    if ((await confirm.count()) > 0) await confirm.click();
    await page.getByRole('heading', { name: 'Student system' }).waitFor();
  }
});
