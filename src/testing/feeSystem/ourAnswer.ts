import { decide } from '../../account/decide.js';
import type { Decision } from '../../account/decision.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { refusalLine } from '../scenario/eventTable.js';
import type { FeeSystemAnswer } from './feeSystem.js';
import { ourCommands } from './ourCommands.js';
import type { NamedRequest } from './requests.js';

/** What our account says to a request, and what it is afterwards. */
export type OurAnswer = { readonly answer: FeeSystemAnswer; readonly account: PatronAccount };

/** Asks our account. */
export function ourAnswer(account: PatronAccount, asked: NamedRequest, policy: FeePolicy): OurAnswer {
  const decision = decide(ourCommands(asked, account, policy), account, policy);
  return { answer: answerOf(decision), account: fold(decision.events, account) };
}

/** A decision as an answer; where the refusal stands in a list of commands is nobody's concern here. */
export function answerOf(decision: Decision): FeeSystemAnswer {
  if (decision.accepted) return { accepted: true };
  const { rejection } = decision;
  return { accepted: false, reason: refusalLine({ accepted: false, events: [], rejection }) };
}
