import type { ShippedEntry } from '../../core/collection.ts';
import type { Command } from '../../core/command.ts';
import type { DemoMaker, Random, StoryContext, StoryStep } from '../../core/demo.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Customer } from './collections.ts';
import { linkTo } from './customers.ts';
import { BRANDS, FIRST_NAMES, GROUPS, SCENARIOS, type Scenario, SURNAMES } from './demo-texts.ts';
import { DESK_PERMISSIONS } from './permissions.ts';
import type { CreateInput } from './ticket.ts';
import { customerTransition, type DeskState, transitionTo } from './workflow.ts';

const HOUR_MS = 3_600_000;

/** Of fifty tickets so many stand so in the end. */
const SHARES: Readonly<Record<DeskState, number>> = {
  closed: 24,
  solved: 8,
  open: 6,
  pending: 5,
  new: 4,
  holding: 3,
};
const OUTCOMES = Object.entries(SHARES).flatMap(([state, count]) =>
  Array<DeskState>(count).fill(state as DeskState),
);
/** Without a common divisor with fifty, so that fifty tickets in a row have every outcome, mixed. */
const STRIDE = 17;

const AGENTS = ['Eva Salinas', 'Mikel Otero', 'Hannah Brandt', 'Tomás Rey'] as const;

/** The customers of the web shops, by number from 1. */
const CUSTOMERS: readonly ShippedEntry[] = FIRST_NAMES.flatMap((first, row) =>
  SURNAMES.map((surname, column) => {
    const number = row * SURNAMES.length + column + 1;
    const mailbox = plain(`${first}.${surname}`);
    const data: Customer = {
      name: `${first} ${surname}`,
      email: `${mailbox}@example.com`,
      phone: `+34 600 ${String(100_000 + number * 37).replace(/(...)(...)/, '$1 $2')}`,
      externalPrimaryID: `SHOP-${10_000 + number}`,
      externalURL: `https://shop.example.com/customers/${10_000 + number}`,
    };
    return { key: String(number), data };
  }),
);

/** Help-desk tickets of three web shops' customers. */
export const deskDemo: DemoMaker = {
  parties: [],
  entries: {
    brands: numbered(BRANDS),
    groups: numbered(GROUPS),
    forms: numbered(['Contact', 'Return request']),
    views: [
      {
        key: 'delivery-open',
        data: { name: 'Open deliveries', status: ['new', 'open'], assignedGroupID: 2 },
      },
      { key: 'urgent-payments', data: { name: 'Urgent payments', assignedGroupID: 4, priority: 'high' } },
    ],
    customers: CUSTOMERS,
  },
  story(context) {
    const tale = begin(context);
    ENDINGS[OUTCOMES[(context.index * STRIDE) % OUTCOMES.length] ?? 'closed'](tale);
    // The last dates may lie ahead: then the story has only come so far.
    return tale.steps.filter(({ at }, index) => index === 0 || at <= context.now);
  },
};

interface Tale {
  readonly context: StoryContext;
  readonly steps: StoryStep[];
  readonly scenario: Scenario;
  readonly agent: Actor;
  readonly gateway: Actor;
  readonly order: string;
  state: DeskState;
  /** When the last step was done, milliseconds since the epoch. */
  at: number;
}

/** How each outcome comes about. */
const ENDINGS: Readonly<Record<DeskState, (tale: Tale) => void>> = {
  new() {},
  open(tale) {
    takeUp(tale);
    if (tale.context.random() < 0.5) ask(tale, true);
  },
  pending(tale) {
    takeUp(tale);
    ask(tale, false);
  },
  holding(tale) {
    takeUp(tale);
    note(tale, tale.scenario.waiting);
    set(tale, 'holding');
  },
  solved(tale) {
    takeUp(tale);
    if (tale.context.random() < 0.6) ask(tale, true);
    answer(tale);
    // Some think that it is solved, and it is not.
    if (tale.context.random() < 0.2) {
      customer(tale, `I am afraid it is not solved yet. ${tale.scenario.reply}`);
      answer(tale);
    }
  },
  closed(tale) {
    ENDINGS.solved(tale);
    if (tale.context.random() < 0.4) {
      agentStep(tale, { type: 'edit', input: { grade: 6 + Math.floor(tale.context.random() * 5) } }, 2, 20);
    }
    set(tale, 'closed', 24, 96);
  },
};

function begin(context: StoryContext): Tale {
  const { random, number, openedAt, account } = context;
  const scenario = pick(random, SCENARIOS);
  const brand = Math.floor(random() * BRANDS.length);
  const channel = random() < 0.6 ? 1 : random() < 0.5 ? 4 : 3;
  const writer = pick(random, CUSTOMERS);
  const { name, email = '' } = writer.data as Customer;
  const order = `${plain(BRANDS[brand] ?? '')
    .slice(0, 2)
    .toUpperCase()}-${100_000 + number}`;
  const gateway = actorOf(account, 'demo-shop', 'Shop gateway', 'client');
  const input: CreateInput = {
    ...linkTo({ ...writer, collection: 'customers', version: 1, createdAt: null, updatedAt: null }),
    title: scenario.title.replace('{order}', order),
    priority: scenario.priority,
    brand: brand + 1,
    channel,
    direction: 'inbound',
    from: email,
    fromName: name,
    to: `help@${plain(BRANDS[brand] ?? '')}.example`,
    content: scenario.opening.replaceAll('{order}', order),
    ...(channel === 4 && { form: 1 }),
  };
  const command: Command = { type: 'create', name: 'create', input: { ...input } };
  const agentName = pick(random, AGENTS);
  return {
    context,
    steps: [{ at: openedAt, actor: gateway, contract: 'desk', command }],
    scenario,
    agent: actorOf(account, `demo-${plain(agentName)}`, agentName, 'person'),
    gateway,
    order,
    state: 'new',
    at: openedAt.getTime(),
  };
}

/** An agent reads it: group, person, tags, and its status. */
function takeUp(tale: Tale): void {
  const { scenario, agent, context } = tale;
  const input = { queue: scenario.group, assignee: agent.id, tags: [...scenario.tags] };
  agentStep(tale, { type: 'edit', input }, 0.05, 3);
  set(tale, 'open', 0.01, 0.5);
  if (context.random() < 0.35) note(tale, scenario.note);
}

function ask(tale: Tale, isAnswered: boolean): void {
  message(tale, tale.scenario.question);
  set(tale, 'pending', 0, 0.02);
  if (!isAnswered) return;
  customer(tale, tale.scenario.reply);
  set(tale, 'open', 0.1, 4);
}

function answer(tale: Tale): void {
  message(tale, tale.scenario.answer);
  set(tale, 'solved', 0, 0.05);
}

function message(tale: Tale, content: string): void {
  agentStep(tale, { type: 'transition', name: 'agentMessage', input: { content } }, 0.2, 8);
}

function note(tale: Tale, content: string): void {
  const input = { content, ...(tale.context.random() < 0.1 && { pinned: true }) };
  agentStep(tale, { type: 'transition', name: 'note', input }, 0.05, 2);
}

/** The customer writes back; a solved ticket is open again by that. */
function customer(tale: Tale, content: string): void {
  const name = customerTransition(tale.state) ?? 'customerMessage';
  if (name === 'customerReopens') tale.state = 'open';
  wait(tale, 0.3, 40);
  const command: Command = { type: 'transition', name, input: { content } };
  tale.steps.push({ at: new Date(tale.at), actor: tale.gateway, contract: 'desk', command });
}

function set(tale: Tale, state: DeskState, leastHours = 0.02, mostHours = 1): void {
  if (tale.state === state) return;
  tale.state = state;
  agentStep(tale, { type: 'transition', name: transitionTo(state), input: {} }, leastHours, mostHours);
}

function agentStep(tale: Tale, command: Command, leastHours: number, mostHours: number): void {
  wait(tale, leastHours, mostHours);
  tale.steps.push({ at: new Date(tale.at), actor: tale.agent, contract: 'native', command });
}

/** Most answers come early in their span, a few late; urgent tickets go faster. */
function wait(tale: Tale, leastHours: number, mostHours: number): void {
  const share = tale.context.random() ** 2;
  const pace = tale.scenario.priority / 3;
  tale.at += Math.floor((leastHours + share * (mostHours - leastHours)) * pace * HOUR_MS);
}

function actorOf(account: string, id: string, name: string, type: 'client' | 'person'): Actor {
  const permissions = new Set([DESK_PERMISSIONS.create, DESK_PERMISSIONS.update]);
  return { account, id, name, type, party: null, persona: null, permissions };
}

function numbered(names: readonly string[]): ShippedEntry[] {
  return names.map((name, index) => ({ key: String(index + 1), data: { name } }));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** A name as it may stand in an address. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z.]+/g, '');
}
