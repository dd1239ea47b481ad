import type { Outcome } from '../outcome.ts';
import { withToken } from '../product.ts';
import { medianOf, medianRatio, runRounds } from '../rounds.ts';
import type { Server } from '../server.ts';
import type { Stage } from '../stage.ts';
import { reading } from './read.ts';

const GROUPS = 20;
const TOPICS_OF_GROUP = 14;
/** With the two levels above: 5,060 contact reasons. */
const REASONS_OF_TOPIC = 17;
const CONNECTIONS = 4;

const THINGS = [
  'courier',
  'parcel',
  'voucher',
  'invoice',
  'refund',
  'address',
  'allergen',
  'receipt',
  'basket',
  'menu',
];
const FAULTS = [
  'late',
  'missing',
  'damaged',
  'wrong',
  'doubled',
  'refused',
  'forgotten',
  'cold',
  'unpaid',
  'stolen',
];

/** What agents type: a word, the beginning of one, one with a typing error, two words, and a code. */
const QUERIES = ['allergen', 'vouch', 'adress', 'damaged parcel', 'R-7-3-11'];

/** Search in a tree of 5,000 contact reasons, against a page of 25 tickets. */
export async function measureReasons(stage: Stage): Promise<Outcome> {
  const { server, database } = await stage.product();
  const headers = withToken(database.staffToken);
  const reasons = await importReasons(server, headers);
  const paths = QUERIES.map((query) => `/v1/ccr/search?query=${encodeURIComponent(query)}&language=en`);
  const sides = [
    reading('page of 25 tickets', server, ['/api/v1/tickets?limit=25'], headers),
    reading('search', server, paths, headers),
  ];
  const { rounds: count, seconds, warmUpSeconds } = stage.options;
  const measured = await runRounds(stage, sides, {
    connections: CONNECTIONS,
    rounds: count,
    seconds: seconds / 2,
    warmUpSeconds: warmUpSeconds / 2,
  });
  return {
    scenario: 'reasons',
    title: `Search in ${reasons.toLocaleString('en')} contact reasons`,
    targets: [
      {
        name: 'contact reasons: search / page of 25 tickets, p50',
        measured: medianRatio(measured, 'search', 'page of 25 tickets', 'p50Ms'),
        unit: 'ratio',
        most: 1,
      },
    ],
    figures: [
      { name: 'contact reasons: search, p50', value: medianOf(measured, 'search', 'p50Ms'), unit: 'ms' },
      { name: 'contact reasons: search, p99', value: medianOf(measured, 'search', 'p99Ms'), unit: 'ms' },
    ],
    rounds: { reasons: measured },
  };
}

/** @returns how many there are */
async function importReasons(server: Server, headers: Readonly<Record<string, string>>): Promise<number> {
  const lines = ['key,level,parent,translations.en,translations.es'];
  const add = (key: string, level: number, parent: string, text: string) =>
    lines.push(`${key},${level},${parent},${text},es: ${text}`);
  for (let group = 1; group <= GROUPS; group += 1) {
    add(`R-${group}`, 1, '', `Group ${group}: ${THINGS[group % THINGS.length]}`);
    for (let topic = 1; topic <= TOPICS_OF_GROUP; topic += 1) {
      add(
        `R-${group}-${topic}`,
        2,
        `R-${group}`,
        `${THINGS[(group + topic) % THINGS.length]} in case ${group}-${topic}`,
      );
      for (let reason = 1; reason <= REASONS_OF_TOPIC; reason += 1) {
        const thing = THINGS[(topic + reason) % THINGS.length];
        const fault = FAULTS[(group + reason) % FAULTS.length];
        add(
          `R-${group}-${topic}-${reason}`,
          3,
          `R-${group}-${topic}`,
          `The ${thing} was ${fault} (${topic}.${reason})`,
        );
      }
    }
  }
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/contact-reasons/import`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: lines.join('\n'),
  });
  if (answer.status !== 200) throw new Error(`The contact reasons were not taken in: ${await answer.text()}`);
  return lines.length - 1;
}
