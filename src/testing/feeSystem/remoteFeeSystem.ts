import { PatronFeesError } from '../../errors.js';
import { mismatchText } from '../../input/faults.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { assertCapabilities, type FeeSystemCapability, requestsFor } from './capabilities.js';
import { misspeltField } from './checkedReply.js';
import type { FeeSystem, FeeSystemAnswer, FeeSystemBalances } from './feeSystem.js';
import type {
  AssessRequest,
  FeeAmountRequest,
  FeeRequest,
  PayRequest,
  RefundRequest,
  RequestName,
  ReversePaymentRequest,
} from './requests.js';

/** The version of the protocol. */
export const PROTOCOL = 1;

/** A message to a fee system in another process: one JSON object, on one line. */
export type ProtocolMessage = {
  /** A number that the reply repeats. */
  readonly id: number;
} & (
  | {
      /** Asks what the system can do; the first message. */
      readonly do: 'describe';
    }
  | {
      /** Begins again with a new patron, who owes nothing. */
      readonly do: 'reset';
      /** The policy to follow from now on. */
      readonly policy: FeePolicy;
    }
  | {
      /** Asks for the balances. */
      readonly do: 'balances';
    }
  | {
      /** Charges a fee. */
      readonly do: 'assess';
      /** The fee. */
      readonly request: AssessRequest;
    }
  | {
      /** Takes a payment. */
      readonly do: 'pay';
      /** The payment. */
      readonly request: PayRequest;
    }
  | {
      /** Waives, transfers or cancels a part of a fee. */
      readonly do: 'waive' | 'transfer' | 'cancel';
      /** The fee and the amount. */
      readonly request: FeeAmountRequest;
    }
  | {
      /** Disputes or restores a fee, or returns its lost item. */
      readonly do: 'dispute' | 'restore' | 'returnLostItem';
      /** The fee. */
      readonly request: FeeRequest;
    }
  | {
      /** Pays out refundable money. */
      readonly do: 'refund';
      /** The amount. */
      readonly request: RefundRequest;
    }
  | {
      /** Undoes a payment. */
      readonly do: 'reversePayment';
      /** The payment. */
      readonly request: ReversePaymentRequest;
    }
);

/** The reply to `describe`. */
export type FeeSystemDescription = {
  /** The version of the protocol that the system speaks: 1. */
  readonly protocol: 1;
  /** The name of the system. */
  readonly name: string;
  /** The capabilities of the system. */
  readonly capabilities: readonly FeeSystemCapability[];
};

/** The reply of a fee system in another process: one JSON object, on one line. */
export type ProtocolReply = {
  /** The number of the message. */
  readonly id: number;
} & (
  | FeeSystemDescription
  | {
      /** After `reset`: true. */
      readonly ok: true;
    }
  | FeeSystemAnswer
  | {
      /** After `balances`: the balances. */
      readonly balances: FeeSystemBalances;
    }
  | {
      /** The system failed; the comparison reports it as a difference. */
      readonly error: string;
    }
);

/**
 * A fee system in another process or on another machine, as {@link processFeeSystem} and {@link urlFeeSystem} return
 * it.
 */
export type RemoteFeeSystem = {
  /** What the system says of itself. */
  readonly description: FeeSystemDescription;
  /** Begins a story with a new patron; pass it to {@link feeSystemConformance}. Stories run one after the other. */
  readonly open: () => Promise<FeeSystem>;
  /** Ends the process, if there is one. */
  readonly close: () => Promise<void>;
};

/** Options of {@link processFeeSystem} and {@link urlFeeSystem}. */
export type RemoteOptions = {
  /**
   * The policy to follow.
   *
   * @defaultValue USD, Alma's code tables, overpayments refused
   */
  readonly policy?: FeePolicy;
  /**
   * How long a reply may take, in milliseconds. A system that takes longer has failed, and its process is ended.
   *
   * @defaultValue `10000`
   */
  readonly replyTimeoutMs?: number;
};

/** Sends a message without its number, and returns the reply without checking it. */
export type Ask = (message: { readonly do: string }) => Promise<unknown>;

/**
 * Creates a remote system over a way to ask.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the system speaks another version, or
 * declares what the policy does not allow
 */
export async function remoteFeeSystem(
  ask: Ask,
  policy: FeePolicy,
  close: () => Promise<void>,
): Promise<RemoteFeeSystem> {
  const rules = definedPolicy(policy);
  const description = checkedDescription(await ask({ do: 'describe' }));
  assertCapabilities(description.capabilities, rules);
  const send = async (message: { readonly do: string }, field: string): Promise<object> => {
    const reply = await ask(message);
    const { error } = Object(reply) as { readonly error?: unknown };
    if (error !== undefined) throw new Error(String(error));
    if (Object(reply)[field] === undefined) {
      const misspelt = misspeltField(reply, ['id', field]);
      const fault = misspelt ?? `expected the field ${field}, found ${shownReply(reply)}`;
      throw new Error(`the reply to ${message.do}: ${fault}`);
    }
    if (field === 'ok' && Object(reply).ok !== true)
      throw new Error(mismatchText('ok', 'true', Object(reply).ok));
    return reply as object;
  };
  const request = (name: RequestName) => async (asked: object) =>
    (await send({ do: name, ...{ request: asked } }, 'accepted')) as FeeSystemAnswer;
  const names = requestsFor(description.capabilities);
  return {
    description,
    close,
    open: async () => {
      await send({ do: 'reset', ...{ policy: rules } }, 'ok');
      return {
        ...Object.fromEntries(names.map((name) => [name, request(name)])),
        balances: async () =>
          ((await send({ do: 'balances' }, 'balances')) as { readonly balances: FeeSystemBalances }).balances,
      } as FeeSystem;
    },
  };
}

function checkedDescription(reply: unknown): FeeSystemDescription {
  const { protocol, name, capabilities } = Object(reply) as Partial<FeeSystemDescription>;
  if (protocol === PROTOCOL && typeof name === 'string' && Array.isArray(capabilities))
    return {
      protocol,
      name,
      capabilities,
    };
  const expected = `{"id":1,"protocol":${PROTOCOL},"name":"...","capabilities":[...]}`;
  const misspelt = misspeltField(reply, ['id', 'protocol', 'name', 'capabilities']);
  const fault = misspelt ?? `expected ${expected}, found ${shownReply(reply)}`;
  throw new PatronFeesError('INVALID_ARGUMENT', `the reply to describe: ${fault}`);
}

/** Formats a reply, shortened. */
export function shownReply(reply: unknown): string {
  const text = typeof reply === 'string' ? reply : (JSON.stringify(reply) ?? 'nothing');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
