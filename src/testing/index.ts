/**
 * Tools for tests: the invariants of accounts, the conformance suite of event stores, scenarios, arbitraries and laws.
 *
 * @stability stable
 * @module testing
 */

// Check an account: what must hold in every state.

export type { Violation } from '../account/invariants.js';
export { violations } from '../account/invariants.js';

// Store conformance: what every event store must do.

export type { ProjectedEvent, StoreUnderTest } from './conformance/clause.js';
export type { StoreCase, StoreConformanceOptions } from './storeConformance.js';
export { storeConformance } from './storeConformance.js';

// Scenarios: your policy in given, when, then.

export type {
  Asked,
  Expected,
  Scenario,
  ScenarioChecks,
  ScenarioOutcome,
  ScenarioStart,
  ScenarioView,
} from './scenario.js';
export { scenario } from './scenario.js';

// Arbitraries: random stories, histories and amounts for property tests.

export type { Arbitrary, FastCheck } from './fastCheck.js';
export type { Arbitraries } from './arbitraries/arbitraries.js';
export { arbitraries } from './arbitraries/arbitraries.js';
export type { CorruptHistory } from './arbitraries/corruptHistories.js';
export type { MergedAccount, MergedAccounts, MergedAccountsOptions } from './arbitraries/mergedAccounts.js';
export type { GivenFault } from './arbitraries/corruptions.js';
export type { Break, Step, Story } from './arbitraries/story.js';
export type { Decide } from './arbitraries/runMoves.js';
export type { StoryOptions } from './arbitraries/stories.js';

// Laws: what holds in all stories.

export type { EntryFigures, JournalOf, PostingFigures } from './laws/law.js';
export type { CheckOptions, LawClause } from './laws/lawClause.js';
export type { Law, LawOptions } from './laws/laws.js';
export { laws } from './laws/laws.js';
export type { OpenedStores, OpenStores } from './online/onlineWorld.js';

// Exploration: every story of a small world.

export type { Exploration, ExplorationFault, ExplorationOptions } from './explore/exploreEvery.js';
export { exploreEvery } from './explore/exploreEvery.js';
export type { ExploredCommands, SmallFee, SmallWorld } from './explore/smallCommands.js';
export { smallCommands } from './explore/smallCommands.js';
export { canonicalForm } from './explore/canonicalForm.js';
export type {
  ExplorationLaw,
  ExplorationLaws,
  Explored,
  ExploredPostings,
  Pair,
} from './explore/explorationLaws.js';
export { explorationLaws } from './explore/explorationLaws.js';
export type { MayDiffer, PairKind } from './explore/mayDiffer.js';
export { mayDiffer } from './explore/mayDiffer.js';

// Fee systems: compare another system with the laws.

export type {
  AssessRequest,
  FeeAmountRequest,
  FeeRequest,
  PayRequest,
  RefundRequest,
  ReversePaymentRequest,
} from './feeSystem/requests.js';
export type {
  FeeSystem,
  FeeSystemAnswer,
  FeeSystemBalances,
  FeeSystemFee,
} from './feeSystem/feeSystem.js';
export type { FeeSystemCapability } from './feeSystem/capabilities.js';
export { feeSystemCapabilities } from './feeSystem/capabilities.js';
export type { FeeSystemCase, FeeSystemConformanceOptions } from './feeSystem/feeSystemConformance.js';
export { feeSystemConformance } from './feeSystem/feeSystemConformance.js';

// Fee systems in other languages: over a process or over HTTP.

export type {
  FeeSystemDescription,
  ProtocolMessage,
  ProtocolReply,
  RemoteFeeSystem,
  RemoteOptions,
} from './feeSystem/remoteFeeSystem.js';
export type { ProcessOptions } from './feeSystem/processFeeSystem.js';
export { processFeeSystem } from './feeSystem/processFeeSystem.js';
export { urlFeeSystem } from './feeSystem/urlFeeSystem.js';

// Live systems: an Alma, a Koha, or a FOLIO tenant, and what terminals see of them.

export type { LiveFeeSystem, LiveOptions, OpenedFeeSystem, RecordedExchange } from './feeSystem/liveApi.js';
export type { AlmaFeeSystemOptions } from './feeSystem/almaFeeSystem.js';
export { almaFeeSystem } from './feeSystem/almaFeeSystem.js';
export type { KohaFeeSystemOptions } from './feeSystem/kohaFeeSystem.js';
export { kohaFeeSystem } from './feeSystem/kohaFeeSystem.js';
export type { FolioFeeSystemOptions } from './feeSystem/folioFeeSystem.js';
export { folioFeeSystem } from './feeSystem/folioFeeSystem.js';
export type { ChargedPatron, Sip2FeeSystemOptions } from './feeSystem/sip2FeeSystem.js';
export { sip2FeeSystem } from './feeSystem/sip2FeeSystem.js';

// Results of a comparison.

export type {
  ComparedCase,
  ComparedFeeSystem,
  ComparisonOptions,
  ComparisonProgress,
} from './feeSystem/compareFeeSystem.js';
export { compareFeeSystem } from './feeSystem/compareFeeSystem.js';
export type { ComparisonFormat } from './feeSystem/formatComparison.js';
export { formatComparison } from './feeSystem/formatComparison.js';
