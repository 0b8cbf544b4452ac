import { expect, it } from 'vitest';
import { decide, definePolicy, emptyAccount, rejectionText } from '../../src/index.js';
import { german } from '../../src/words/index.js';

const policy = definePolicy({ currency: 'EUR' });
const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at: '2026-03-02T09:00:00Z' };

/** The sentence about a refused command. */
function sentenceAbout(command: object): string {
  const decision = decide(command as never, emptyAccount(), policy);
  return decision.accepted ? '' : rejectionText(decision.rejection, { words: german.rejections });
}

it('the German sentence names the command that was probably meant, and an example of an amount', () => {
  expect(sentenceAbout({ ...payment, type: 'RecievePayment' })).toMatch(
    /^Die Anfrage ist ungültig: type: .* \(gemeint ist vielleicht ReceivePayment\)\.$/,
  );
  expect(sentenceAbout({ ...payment, amount: 5 })).toContain('als Text, etwa "5.00", gefunden wurde 5');
});

it('the German sentence names the code that was probably meant, and the known codes', () => {
  expect(sentenceAbout({ ...payment, method: 'CHASH' })).toBe(
    'Es gibt keine Zahlungsart CHASH. Gemeint ist vielleicht CASH. Vorhanden: CASH, CREDIT_CARD, DEBIT_CARD, ONLINE, CHECK.',
  );
});
