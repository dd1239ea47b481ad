import type { DemoMaker, Random, StoryContext, StoryStep } from '../../core/demo.ts';
import { CANCEL_REASONS, PROVIDERS, VEHICLE_MODELS } from './collections.ts';
import { DEMO_PROVIDERS, MODELS, OPERATORS, REASONS, TRUCKS, WORKSHOPS } from './demo-texts.ts';
import { demoVin } from './demo-vin.ts';
import type { CreateInput } from './inputs.ts';
import { WORK_PERMISSION } from './permissions.ts';
import type { ServiceTransition } from './workflow.ts';

const MINUTE_MS = 60_000;

type Outcome =
  | 'prepared'
  | 'withdrawn'
  | 'pending'
  | 'gaveUpWaiting'
  | 'inProgress'
  | 'cancelled'
  | 'outsourced'
  | 'closedByProvider'
  | 'reclaimed'
  | 'closed';

/** Of fifty tickets so many end so. */
const SHARES: readonly (readonly [Outcome, number])[] = [
  ['closed', 27],
  ['pending', 5],
  ['inProgress', 4],
  ['closedByProvider', 3],
  ['cancelled', 3],
  ['prepared', 2],
  ['outsourced', 2],
  ['gaveUpWaiting', 2],
  ['reclaimed', 1],
  ['withdrawn', 1],
];
const OUTCOMES = SHARES.flatMap(([outcome, count]) => Array<Outcome>(count).fill(outcome));
/** Without a common divisor with fifty, so that fifty tickets in a row have every outcome, mixed. */
const STRIDE = 17;

/** Service tickets of workshops that have their vehicles looked at from afar. */
export const serviceDemo: DemoMaker = {
  parties: [],
  people: OPERATORS.map((person) => ({ ...person, isOperator: true })),
  entries: {
    [CANCEL_REASONS]: REASONS,
    [PROVIDERS]: DEMO_PROVIDERS,
    [VEHICLE_MODELS]: MODELS.map(({ entry }) => entry),
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
  readonly model: string;
  /** When the last step was done, milliseconds since the epoch. */
  at: number;
  /** Nobody is there to go on with it. */
  isStuck: boolean;
}

/** How each outcome comes about. */
const ENDINGS: Readonly<Record<Outcome, (tale: Tale) => void>> = {
  prepared() {},
  withdrawn: (tale) => cancel(tale, 'wrong-vehicle'),
  pending: submit,
  gaveUpWaiting(tale) {
    submit(tale);
    cancel(tale, 'vehicle-gone', 45);
  },
  inProgress: start,
  cancelled(tale) {
    start(tale);
    cancel(tale, pick(tale.context.random, ['no-connection', 'mechanical-fault']));
  },
  outsourced: outsource,
  closedByProvider(tale) {
    outsource(tale);
    stop(tale, 40);
  },
  reclaimed(tale) {
    start(tale);
    step(tale, 'outsource', { providerId: 'remote-24' }, 10, 30);
    step(tale, 'reclaim', {}, 30, 120);
    stop(tale);
  },
  closed(tale) {
    start(tale);
    stop(tale);
  },
};

function begin(context: StoryContext): Tale {
  const { random, number, openedAt } = context;
  const { entry, vin } = pick(random, MODELS);
  const workshop = pick(random, WORKSHOPS);
  const input: CreateInput = {
    customerId: workshop.id,
    vin: demoVin(vin, random),
    vehicleModelId: Number(entry.key),
    connectionId: random() < 0.9 ? uuid(random) : null,
    customerReference: random() < 0.7 ? `${workshop.short}-${20_000 + number}` : null,
    voucherCode: random() < 0.15 ? code(random) : null,
  };
  const tale: Tale = { context, steps: [], model: entry.key, at: openedAt.getTime(), isStuck: false };
  step(tale, 'create', input, 0, 0);
  return tale;
}

function submit(tale: Tale): void {
  step(tale, 'submit', {}, 0.5, 12);
}

/** Without operators, nobody takes it up, and it goes on waiting. */
function start(tale: Tale): void {
  submit(tale);
  const { random, catalogue } = tale.context;
  const all = [...catalogue.operators.values()];
  const names: ReadonlySet<string> = new Set(OPERATORS.map(({ name }) => name));
  const own = all.filter(({ name }) => names.has(name));
  const operatorId = pick(random, own.length > 0 ? own : all)?.id;
  if (operatorId === undefined) tale.isStuck = true;
  else step(tale, 'startService', { operatorId }, 0.5, 50);
}

function outsource(tale: Tale): void {
  const { random, number } = tale.context;
  start(tale);
  const providerTicketId = random() < 0.6 ? `R-${70_000 + number}` : null;
  const providerId = pick(random, DEMO_PROVIDERS).key;
  step(tale, 'outsource', { providerId, providerTicketId }, 5, 40);
}

function stop(tale: Tale, leastMinutes = 6): void {
  const { random, number } = tale.context;
  const input = {
    externalReference: random() < 0.6 ? `INV-${500_000 + number}` : null,
    batteryVoltage: random() < 0.8 ? (TRUCKS.has(tale.model) ? '24v' : '12v') : null,
  };
  step(tale, 'stopService', input, leastMinutes, leastMinutes + 90);
}

function cancel(tale: Tale, cancelReasonId: string, leastMinutes = 2): void {
  step(tale, 'cancel', { cancelReasonId }, leastMinutes, leastMinutes + 60);
}

/** Some minutes later, something is done. Most comes early in its span, a little late. */
function step(
  tale: Tale,
  name: ServiceTransition,
  input: Readonly<Record<string, unknown>>,
  leastMinutes: number,
  mostMinutes: number,
): void {
  if (tale.isStuck) return;
  const { random, account } = tale.context;
  tale.at += Math.floor((leastMinutes + random() ** 2 * (mostMinutes - leastMinutes)) * MINUTE_MS);
  tale.steps.push({
    at: new Date(tale.at),
    actor: {
      account,
      id: 'demo-workshop-portal',
      name: 'Workshop portal',
      type: 'client',
      party: null,
      persona: null,
      permissions: new Set([WORK_PERMISSION]),
    },
    contract: 'service',
    command: { type: name === 'create' ? 'create' : 'transition', name, input },
  });
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** A UUID of version 4. */
function uuid(random: Random): string {
  return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;
}

function code(random: Random): string {
  return hex(random, 6).toUpperCase();
}
