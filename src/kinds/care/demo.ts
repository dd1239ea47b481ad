import type { ShippedEntry } from '../../core/collection.ts';
import type { Command } from '../../core/command.ts';
import type { DemoMaker, Random, StoryContext, StoryStep } from '../../core/demo.ts';
import type { KindRegistry } from '../../core/kind.ts';
import type { Actor } from '../../kernel/actor.ts';
import { DEPARTMENTS, QUEUES, VENDORS } from './collections.ts';
import { DEMO_REASONS } from './demo-reasons.ts';
import { AGENTS, FIRST_NAMES, LAST_NAMES, SCENARIOS, type Scenario } from './demo-texts.ts';
import type { CreateInput } from './inputs.ts';
import { WORK_PERMISSION } from './permissions.ts';
import { REASONS } from './reasons/tree.ts';
import type { CareTransition } from './workflow.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A hand-off is made when a server reads of it, so only what is young asks for one. */
const HANDED_OVER_WITHIN_MS = 30 * DAY_MS;

type Outcome =
  | 'closed'
  | 'leftChat'
  | 'closedByDepartment'
  | 'takenBack'
  | 'assigned'
  | 'picked'
  | 'escalated';

/** Of fifty tickets so many end so. */
const SHARES: readonly (readonly [Outcome, number])[] = [
  ['closed', 28],
  ['leftChat', 5],
  ['closedByDepartment', 5],
  ['takenBack', 3],
  ['assigned', 2],
  ['picked', 3],
  ['escalated', 4],
];
const OUTCOMES = SHARES.flatMap(([outcome, count]) => Array<Outcome>(count).fill(outcome));
/** Without a common divisor with fifty, so that fifty tickets in a row have every outcome, mixed. */
const STRIDE = 17;

/** Where customers write from, and in which language. */
const MARKETS = [
  { country: 'sg', language: 'en', entity: 'FP_SG', source: 'fp-sg', speech: 'english' },
  { country: 'th', language: 'th', entity: 'FP_TH', source: 'fp-th', speech: 'thai' },
  { country: 'es', language: 'es', entity: 'FP_ES', source: 'fp-es', speech: 'spanish' },
  { country: 'de', language: 'de', entity: 'FP_DE', source: 'fp-de', speech: 'german' },
] as const;
const CHANNELS = ['chat', 'chat', 'chat', 'email', 'phone'] as const;

const SHOPS: readonly ShippedEntry[] = [
  { key: 'sg-noodle-bar', data: { name: 'Noodle Bar', vertical: 'restaurants' } },
  { key: 'th-green-market', data: { name: 'Green Market', vertical: 'groceries' } },
  { key: 'es-la-esquina', data: { name: 'La Esquina', vertical: 'restaurants' } },
  { key: 'de-blumen-am-eck', data: { name: 'Blumen am Eck', vertical: 'flowers' } },
  { key: 'sg-night-pharmacy', data: { name: 'Night Pharmacy', vertical: 'pharmacies' } },
  { key: 'th-mart-24', data: { name: 'Mart 24', vertical: 'darkstores' } },
];

/** A department whose escalations become tickets of the help desk. */
const BACK_OFFICE = 'back-office';

/**
 * Care tickets of a delivery service in four countries.
 * @param receivers the kinds that can be given a ticket by an escalation
 */
export function careDemo(receivers: KindRegistry): DemoMaker {
  const backOffice = receivers.has('desk')
    ? [{ key: BACK_OFFICE, data: { label: 'Back Office', handOff: { kind: 'desk' } } }]
    : [];
  return {
    parties: [],
    entries: {
      [QUEUES]: MARKETS.flatMap(({ country, language, speech }) =>
        [...new Set(CHANNELS)].map((channel) => ({
          key: `${channel}-${country}`,
          data: { name: `${channel}-${country}-${language}`, language: speech },
        })),
      ),
      [DEPARTMENTS]: [{ key: 'payments', data: { label: 'Payments' } }, ...backOffice],
      [VENDORS]: SHOPS,
      [REASONS]: DEMO_REASONS,
    },
    story(context) {
      const tale = begin(context);
      ENDINGS[OUTCOMES[(context.index * STRIDE) % OUTCOMES.length] ?? 'closed'](tale);
      // The last dates may lie ahead: then the story has only come so far.
      return tale.steps.filter(({ at }, index) => index === 0 || at <= context.now);
    },
  };
}

interface Tale {
  readonly context: StoryContext;
  readonly steps: StoryStep[];
  readonly scenario: Scenario;
  readonly market: (typeof MARKETS)[number];
  readonly agent: string;
  /** When the last step was done, milliseconds since the epoch. */
  at: number;
}

/** How each outcome comes about. */
const ENDINGS: Readonly<Record<Outcome, (tale: Tale) => void>> = {
  assigned() {},
  picked: takeUp,
  closed(tale) {
    takeUp(tale);
    maybeMove(tale);
    close(tale, tale.scenario.resolution, tale.scenario.closing);
  },
  leftChat(tale) {
    takeUp(tale);
    step(tale, 'closeChat', {}, 5, 30);
    close(tale, 'CUSTOMER_LEFT_CHAT', 'The customer left.');
  },
  escalated(tale) {
    takeUp(tale);
    escalate(tale);
  },
  closedByDepartment(tale) {
    takeUp(tale);
    escalate(tale);
    close(tale, tale.scenario.resolution, tale.scenario.closing, 24 * 60);
  },
  takenBack(tale) {
    takeUp(tale);
    escalate(tale);
    const input = { assignee: mailOf(pick(tale.context.random, AGENTS)), reason: 'Department has answered.' };
    step(tale, 'reassign', input, 60, 600);
    close(tale, tale.scenario.resolution, tale.scenario.closing);
  },
};

function begin(context: StoryContext): Tale {
  const { random, number, openedAt } = context;
  const scenario = pick(random, SCENARIOS);
  const market = pick(random, MARKETS);
  const channel = pick(random, CHANNELS);
  const agent = pick(random, AGENTS);
  const customer = Math.floor(random() * 400);
  const firstName = nth(FIRST_NAMES, customer);
  const lastName = nth(LAST_NAMES, Math.floor(customer / FIRST_NAMES.length));
  const shop = pick(
    random,
    SHOPS.filter(({ key }) => key.startsWith(market.country)),
  );
  const input: CreateInput = {
    assignee: mailOf(agent),
    queue: `${channel}-${market.country}`,
    channel,
    type: channel,
    source: market.source,
    content: { subject: scenario.says.en ?? '', message: scenario.says[market.language] ?? '' },
    priority: scenario.priority,
    statusReason: 'Given to the next free agent.',
    customer: {
      id: `${market.country}-customer-${customer}`,
      firstName,
      lastName,
      name: `${firstName} ${lastName}`,
      email: `${firstName}.${lastName}${customer}@example.com`.toLowerCase(),
    },
    vendor: { id: shop.key, vertical: shop.data.vertical as never },
    country: market.country,
    language: market.language,
    entityId: market.entity,
    tags: random() < 0.2 ? ['vip'] : [],
    ...(random() < 0.85 && { orderId: `${market.country}-${(number + 46_655).toString(36)}` }),
    ...(random() < 0.4 && { ccr: scenario.ccr }),
  };
  const command: Command = { type: 'create', name: 'create', input: { ...input } };
  const tale = { context, steps: [], scenario, market, agent, at: openedAt.getTime() } as Tale;
  tale.steps.push({ at: openedAt, actor: gateway(tale, 'Contact gateway'), contract: 'care', command });
  return tale;
}

/** The agent looks at it, answers, and says what it is about. */
function takeUp(tale: Tale): void {
  const { random, number } = tale.context;
  step(tale, 'pick', {}, 0.2, 12);
  step(tale, 'respond', {}, 0.5, 6);
  if (random() < 0.7) step(tale, 'updateReason', { ccr: tale.scenario.ccr }, 1, 8);
  if (random() < 0.15) {
    const orderId = `${tale.market.country}-${(number + 93_311).toString(36)}`;
    step(tale, 'updateOrder', { orderId, geid: tale.market.entity }, 1, 10);
  }
}

/** Sometimes another queue or another agent goes on with it. */
function maybeMove(tale: Tale): void {
  const { random } = tale.context;
  const chance = random();
  if (chance < 0.12) {
    step(tale, 'transfer', { queueId: `email-${tale.market.country}` }, 2, 40);
    step(tale, 'reassign', { assignee: mailOf(pick(random, AGENTS)) }, 5, 300);
  } else if (chance < 0.24) {
    const input = { assignee: mailOf(pick(random, AGENTS)), reason: 'End of the shift.' };
    step(tale, 'reassign', input, 10, 240);
  }
}

function escalate(tale: Tale): void {
  const { catalogue, random, now } = tale.context;
  const young = now.getTime() - tale.at < HANDED_OVER_WITHIN_MS;
  const handsOver = young && catalogue.entry(DEPARTMENTS, BACK_OFFICE) !== null && random() < 0.6;
  const department = handsOver ? BACK_OFFICE : pick(random, ['corporate', 'partner-service', 'payments']);
  const input = {
    statusReason: tale.scenario.escalation,
    resolutionReason: 'Please look into it and answer the customer.',
    department,
  };
  step(tale, 'escalate', input, 5, 90);
}

function close(tale: Tale, resolutionStatus: string, resolutionReason: string, leastMinutes = 4): void {
  const input = { statusReason: 'Closed by the agent.', resolutionStatus, resolutionReason };
  step(tale, 'close', input, leastMinutes, leastMinutes + 180);
}

/** Some minutes later, the agent does something. Most come early in their span, a few late. */
function step(
  tale: Tale,
  name: CareTransition,
  input: Readonly<Record<string, unknown>>,
  leastMinutes: number,
  mostMinutes: number,
): void {
  const share = tale.context.random() ** 2;
  tale.at += Math.floor((leastMinutes + share * (mostMinutes - leastMinutes)) * MINUTE_MS);
  const actor = gateway(tale, mailOf(tale.agent));
  tale.steps.push({
    at: new Date(tale.at),
    actor,
    contract: 'care',
    command: { type: 'transition', name, input },
  });
}

/** The program through which agents work; it names the one who acts. */
function gateway({ context }: Tale, name: string): Actor {
  return {
    account: context.account,
    id: 'demo-care-gateway',
    name,
    type: 'client',
    party: null,
    persona: null,
    permissions: new Set([WORK_PERMISSION]),
  };
}

function mailOf(agent: string): string {
  return `${agent}@care.example`;
}

/** The same for the same number, round and round. */
function nth<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}
