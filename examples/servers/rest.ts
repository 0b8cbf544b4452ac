// `npm run rest -- --port 8081`: serves the example accounts as `patron-fees/schemas/openapi.json.gz` describes it.
// `restHandler` serves the accounts of any store.
import { fileURLToPath } from 'node:url';
import {
  type Command,
  type FeePolicy,
  isPatronFeesError,
  type RejectionKind,
  rejectionText,
} from 'patron-fees';
import { type EventStore, execute, loadAccount } from 'patron-fees/history';
import {
  blocks,
  feesOfLoan,
  finesAndFees,
  paymentPlans,
  receipt,
  summary,
  transactions,
} from 'patron-fees/views';
import { commandLine, exampleAccounts } from './exampleAccounts.js';
import { serveHttp } from './serveHttp.js';

type RestOptions = {
  readonly store: EventStore;
  readonly policy: FeePolicy;
  /** Returns whether to answer a request. Without this check, anyone who can send a request could pay and waive fees. */
  readonly authorize: (request: Request) => boolean | Promise<boolean>;
  /** Called with what the client did not cause, such as an error of the store. */
  readonly onError?: (error: unknown) => void;
};

const statuses: { readonly [Kind in RejectionKind]: number } = {
  invalid: 400,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
};

/** The statuses of errors that the client caused. */
const errorStatuses: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  VERSION_CONFLICT: 412,
};

/** Returns a response as RFC 9457 describes it. */
function problem(status: number, title: string, detail: string, more: object = {}): Response {
  const body = { type: `urn:patron-fees:${title}`, title, status, detail, ...more };
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}

/** Returns a handler of the Fetch API: commands to accounts and views of them. */
export function restHandler({ store, policy, authorize, onError }: RestOptions) {
  const views = {
    summary: (account, _id, _query) => summary(account, policy),
    'fines-and-fees': (account, _id, query) => finesAndFees(account, policy, Object.fromEntries(query)),
    transactions: (account, id) => transactions(account, policy, { id, audience: 'staff' }),
    receipts: (account, paymentId) => receipt(account, policy, { paymentId }),
    loans: (account, loanId) => feesOfLoan(account, policy, { loanId }),
    'payment-plans': (account, _id, query) => paymentPlans(account, policy, { on: query.get('on') ?? '' }),
    blocks: (account, _id, query) =>
      blocks(account, policy, Object.fromEntries(query) as { readonly group: string }),
  } satisfies Record<
    string,
    (
      account: Awaited<ReturnType<typeof loadAccount>>['account'],
      id: string,
      query: URLSearchParams,
    ) => unknown
  >;

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, institutions, institution, patrons, patronId, name, id = ''] = pathname
      .split('/')
      .map(decodeURIComponent);
    if (institutions !== 'institutions' || patrons !== 'patrons' || !institution || !patronId || !name)
      return problem(404, 'NOT_FOUND', 'There is no such address.');
    const stream = { institution, patronId };
    if (name === 'commands' && request.method === 'POST') {
      const command = (await request.json().catch(() => null)) as Command;
      const ifMatch = request.headers.get('If-Match');
      const expected = ifMatch === null ? {} : { expectedVersion: Number(ifMatch.replaceAll('"', '')) };
      const { decision, version } = await execute(store, policy, stream, command, expected);
      if (decision.accepted) {
        const { events, repeats } = decision;
        return Response.json({ version, events, repeats }, { headers: { ETag: `"${version}"` } });
      }
      const { rejection, commandIndex } = decision;
      const more = { rejection, commandIndex };
      return problem(statuses[rejection.kind], rejection.type, rejectionText(rejection), more);
    }
    if (request.method !== 'GET') return problem(405, 'METHOD_NOT_ALLOWED', 'Only GET is possible here.');
    if (name === 'events') return Response.json((await store.read(stream)).events.map(({ event }) => event));
    if (!Object.hasOwn(views, name)) return problem(404, 'NOT_FOUND', 'There is no such view.');
    const { account, version } = await loadAccount(store, stream);
    const view = views[name as keyof typeof views](account, id, searchParams);
    return Response.json(view, { headers: { ETag: `"${version}"` } });
  }

  return async (request: Request): Promise<Response> => {
    if (!(await authorize(request))) return problem(401, 'UNAUTHORIZED', 'The key is missing or wrong.');
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof URIError) return problem(400, 'INVALID_ARGUMENT', 'The address is invalid.');
      const status = isPatronFeesError(error) ? errorStatuses[error.code] : undefined;
      if (isPatronFeesError(error) && status !== undefined) return problem(status, error.code, error.message);
      onError?.(error);
      return problem(500, 'INTERNAL_ERROR', 'The server has a problem of its own.');
    }
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port, host, file, key } = commandLine('8081');
  const { store, policy, institution } = await exampleAccounts(file);
  const authorize = ({ headers }: Request) => headers.get('Authorization') === `Bearer ${key}`;
  const server = await serveHttp(restHandler({ store, policy, authorize, onError: console.error }), {
    port,
    host,
  });
  console.log(`http://${host}:${server.port}/institutions/${institution}/patrons/dverma/summary`);
  console.log(`with the header  Authorization: Bearer ${key}`);
}
