import { expect, it } from 'vitest';
import { decide, definePolicy, emptyAccount, rejectionText } from '../../src/index.js';
import { french } from '../../src/words/index.js';

const policy = definePolicy({ currency: 'EUR' });
const payment = { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at: '2026-03-02T09:00:00Z' };

/** The sentence about a refused command. */
function sentenceAbout(command: object): string {
  const decision = decide(command as never, emptyAccount(), policy);
  return decision.accepted ? '' : rejectionText(decision.rejection, { words: french.rejections });
}

it('the French sentence names the command that was probably meant, and an example of an amount', () => {
  expect(sentenceAbout({ ...payment, type: 'RecievePayment' })).toMatch(
    /^La demande est incorrecte : type : .* \(peut-être ReceivePayment\)\.$/,
  );
  expect(sentenceAbout({ ...payment, amount: 5 })).toContain('par exemple « 5.00 », trouvé 5');
});

it('the French sentence names the code that was probably meant, and the known codes', () => {
  expect(sentenceAbout({ ...payment, method: 'CHASH' })).toBe(
    'Le moyen de paiement CHASH n’existe pas. Vouliez-vous dire CASH ? Il y a CASH, CREDIT_CARD, DEBIT_CARD, ONLINE, CHECK.',
  );
});
