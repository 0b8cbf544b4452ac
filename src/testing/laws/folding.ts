import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { damaged, damages } from '../arbitraries/damages.js';
import { besideStories, inStories, type LawText, type Subject, same } from './law.js';

/** Law 6. */
export const folding: LawText = {
  number: 6,
  name: 'folding',
  sentence:
    'However a history is folded, in one go, in pieces, from a copy or event by event, the account is the same.',
  clauses: [
    besideStories(
      'it is the same in one go and in two, from a copy, from JSON, and event by event',
      (fc) => fc.nat(1_000),
      ({ events }, subject, cut) => {
        const at = cut % (events.length + 1);
        foldsTheSame(events.slice(0, at), events.slice(at), subject);
      },
    ),
    inStories('what is folded stays as it was', ({ events, account }, { fold, evolve }) => {
      const [before, written] = [JSON.stringify(account), JSON.stringify(events)];
      fold(events);
      events.reduce<PatronAccount>(evolve, emptyAccount());
      fold([], account);
      assert.equal(JSON.stringify(account), before);
      assert.equal(JSON.stringify(events), written);
    }),
    inStories('the same is decided on every form of the same account', ({ steps }, { decide, evolve }) => {
      let evolved = emptyAccount();
      for (const { command, before, decision, policy } of steps) {
        for (const form of [evolved, throughJson(before), structuredClone(before)])
          same(decide(command, form, policy), decision, `${command.id} on another form of the account`);
        evolved = decision.events.reduce<PatronAccount>(evolve, evolved);
      }
    }),
    besideStories(
      'a damaged history is refused with the same fault in one go and event by event',
      (fc) => damages(fc),
      (story, { fold, evolve }, all) => {
        const events = damaged(story.events, all);
        const atOnce = faultOf(() => fold(events));
        const oneByOne = faultOf(() => events.reduce<PatronAccount>(evolve, emptyAccount()));
        assert.deepEqual(oneByOne, atOnce);
      },
    ),
  ],
};

function foldsTheSame(head: readonly AccountEvent[], tail: readonly AccountEvent[], subject: Subject): void {
  const { fold, evolve } = subject;
  const events = [...head, ...tail];
  const whole = fold(events);
  const start = fold(head);
  same(fold(tail, start), whole, 'head, then tail');
  same(fold(tail, throughJson(start)), whole, 'tail on a copy through JSON');
  same(fold(tail, structuredClone(start)), whole, 'tail on a copy');
  same(fold(throughJson(events)), whole, 'events from JSON');
  same(events.reduce<PatronAccount>(evolve, emptyAccount()), whole, 'event by event with evolve');
  same(tail.reduce<PatronAccount>(evolve, throughJson(start)), whole, 'evolve on a copy through JSON');
  const oneByOne = events.reduce<PatronAccount>((account, event) => fold([event], account), emptyAccount());
  same(oneByOne, whole, 'event by event with fold');
}

function throughJson<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data));
}

function faultOf(run: () => unknown): unknown {
  try {
    run();
    return 'none';
  } catch (error) {
    return isPatronFeesError(error) ? [error.message, error.details.fault] : String(error);
  }
}
