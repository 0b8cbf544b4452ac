import { feeSystemCapabilities } from '../../src/testing/index.js';
import { callNames } from './calls.js';

const text = (description: string) => ({ type: 'string', description });
const anything = (description: string) => ({ description });

/** The JSON Schema of the files of vectors. */
export const vectorSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://unpkg.com/patron-fees/dist/vectors/schema.json',
  title: 'Test vectors of patron-fees',
  type: 'object',
  required: ['format', 'about', 'groups'],
  additionalProperties: false,
  properties: {
    format: { const: 1, description: 'The version of this format.' },
    about: text('What the file is about.'),
    policies: {
      type: 'object',
      additionalProperties: { type: 'object' },
      description: 'The policies of the stories, by name, as `schemas/policy.json` describes `FeePolicy`.',
    },
    groups: { type: 'array', items: { $ref: '#/$defs/group' }, description: 'The groups of cases.' },
  },
  $defs: {
    group: {
      type: 'object',
      required: ['name', 'mark', 'source', 'cases'],
      additionalProperties: false,
      properties: {
        name: text('The name of the group, unique in its file.'),
        mark: {
          enum: ['law', 'contract', 'choice'],
          description:
            '`law`: nothing else can be right. `contract`: this library promises it. `choice`: it has chosen it, and `acceptable` says what is right too.',
        },
        capabilities: {
          type: 'array',
          items: { enum: feeSystemCapabilities },
          description:
            'What a system must be able to do to use the group, beside charging fees and taking payments; none if empty. Only in `basic.json`.',
        },
        acceptable: text('What another system may do instead.'),
        source: text('The page of the package that explains the rule.'),
        cases: {
          type: 'array',
          minItems: 1,
          items: { anyOf: [{ $ref: '#/$defs/story' }, { $ref: '#/$defs/call' }] },
        },
      },
      if: { properties: { mark: { const: 'choice' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['acceptable'] },
      else: { not: { required: ['acceptable'] } },
    },
    story: {
      description: 'Commands to one account, one after the other. Each command is a case.',
      type: 'object',
      required: ['id', 'policy', 'steps', 'rows'],
      additionalProperties: false,
      properties: {
        id: text('The name of the story, unique in its file.'),
        title: text('What it shows.'),
        why: text('The explanation.'),
        policy: text('The name of the policy.'),
        given: {
          type: 'array',
          items: { type: 'object' },
          description: 'The events of the account; none if left out.',
        },
        steps: { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } },
        rows: {
          type: 'array',
          items: { type: 'object' },
          description:
            'The rows after the last command, as in `FinesAndFees` of `schemas/views.json`, of every status.',
        },
      },
    },
    step: {
      type: 'object',
      required: ['command'],
      additionalProperties: false,
      properties: {
        command: {
          type: ['object', 'array'],
          description: 'The command, or a list of commands that is accepted or refused as a whole.',
        },
        policy: text("The name of the policy in force, if it is not the story's."),
        now: text('The present time, for policies that bound the time of commands.'),
        events: {
          type: 'array',
          items: { type: 'object' },
          description: 'The events of an accepted command, without `metadata`; none if nothing happens.',
        },
        rejection: { type: 'object', description: 'The rejection of a refused command. It changes nothing.' },
        balances: {
          $ref: '#/$defs/balances',
          description: 'The balances afterwards (`Summary`), if they changed.',
        },
      },
      oneOf: [{ required: ['events'] }, { required: ['rejection'] }],
    },
    balances: {
      type: 'object',
      required: [
        'currency',
        'active',
        'disputed',
        'transferred',
        'payable',
        'payableAccruing',
        'creditsByPurpose',
      ],
      properties: {
        currency: text('ISO 4217 code.'),
        creditsByPurpose: { type: 'object', additionalProperties: { $ref: '#/$defs/amount' } },
      },
      additionalProperties: { $ref: '#/$defs/amount' },
    },
    amount: { type: 'string', pattern: '^-?[0-9]+([.][0-9]+)?$' },
    call: {
      description: 'A function, its arguments, and its result or its error.',
      type: 'object',
      required: ['call', 'with'],
      additionalProperties: false,
      properties: {
        call: { enum: callNames, description: 'The name of the function; the README explains each.' },
        with: { type: 'array', description: 'The arguments, in order.' },
        result: anything('The result.'),
        error: {
          type: 'object',
          required: ['code', 'message'],
          additionalProperties: false,
          properties: {
            code: text('The code of the error.'),
            message: text('The error in one sentence, for people: other words are as good.'),
            fault: text('The fault of a corrupt history.'),
            position: { type: 'integer', description: 'The position of the faulty event, from 1.' },
            paths: {
              type: 'array',
              items: { type: 'string' },
              description: 'The paths of all faults of an input.',
            },
          },
        },
      },
      oneOf: [{ required: ['result'] }, { required: ['error'] }],
    },
  },
} as const;
