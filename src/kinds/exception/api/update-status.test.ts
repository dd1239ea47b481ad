import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTimeline } from '../../../store/log.ts';
import { fieldsOf } from '../fields.ts';
import { exceptionKind } from '../kind.ts';
import {
  answered,
  BASE,
  move,
  openException,
  refused,
  UPDATE_STATUS,
  useExceptions,
} from './fixture/exception-server.ts';

const exceptions = useExceptions();
let number = 0;
let reference = '';
let next = 70_000;

beforeEach(async () => {
  next += 1;
  reference = String(next);
  number = await openException(exceptions.server.store, { authorizationNumber: next });
  await answered(exceptions.server.store, number, reference);
});

const update = (more: Record<string, unknown> = {}) => ({
  externalSystemIdentifier: 'zendesk',
  externalReferenceId: reference,
  status: 'solved',
  comment: 'Customer issue resolved',
  ...more,
});
const send = (body: unknown, headers: Record<string, string> = {}) =>
  exceptions.zendesk()('PATCH', UPDATE_STATUS, body, headers);
const read = async (of = number) => {
  const ticket = await exceptions.server.store.load('default', { kind: exceptionKind.name, number: of });
  if (!ticket) throw new Error(`There is no exception ${of}`);
  return ticket;
};
/** What history tells of the exception since the help desk has a ticket of it. */
async function told(of = number) {
  const { id } = await read(of);
  const events = await readTimeline(exceptions.server.store.sql, 'default', id, 0, 100);
  return events.slice(2).map(({ name, from, to, reason, actor }) => [name, from, to, reason, actor.name]);
}

describe('an update', () => {
  it.each(['solved', 'closed'])(
    '%s closes the exception, and its comment goes into the history',
    async (status) => {
      const answer = await send(update({ status }));
      expect(answer.status).toBe(204);
      expect(answer.text).toBe('');
      expect(await told()).toEqual([['solve', 'open', 'closed', 'Customer issue resolved', 'Zendesk']]);
      const ticket = await read();
      expect(ticket).toMatchObject({ state: 'closed', uniqueKey: null });
      expect(fieldsOf(ticket)).toMatchObject({ settled: false, helpDesk: { status } });
    },
  );

  it.each(['new', 'open', 'pending', 'hold'])('%s opens a closed exception again', async (status) => {
    await send(update());
    expect((await send(update({ status, comment: 'Not so fast' }))).status).toBe(204);
    expect((await told()).at(-1)).toEqual(['reopen', 'closed', 'open', 'Not so fast', 'Zendesk']);
    expect(fieldsOf(await read()).helpDesk.status).toBe(status);
  });

  it.each(['new', 'open', 'pending', 'hold'])('%s is noted on an open exception', async (status) => {
    expect((await send(update({ status, comment: null }))).status).toBe(204);
    expect(await told()).toEqual([['note', 'open', 'open', null, 'Zendesk']]);
  });

  it('closed after solved is noted', async () => {
    await send(update());
    await send(update({ status: 'closed', comment: '' }));
    expect((await told()).at(-1)).toEqual(['note', 'closed', 'closed', null, 'Zendesk']);
    expect(fieldsOf(await read()).helpDesk.status).toBe('closed');
  });

  it('may spell the status as templates of the help desk do, and the reference in both ways', async () => {
    for (const externalReferenceId of [`ZDTICKET-${reference}`, `zdticket-${reference}`, Number(reference)]) {
      expect((await send(update({ externalReferenceId, status: 'Solved' }))).status).toBe(204);
    }
    expect(await told()).toHaveLength(1);
  });

  it('leaves settled what the work item has settled', async () => {
    await move(exceptions.server.store, number, 'settle');
    expect((await send(update({ status: 'open' }))).status).toBe(204);
    expect((await told()).at(-1)).toEqual(['note', 'closed', 'closed', 'Customer issue resolved', 'Zendesk']);
    expect(fieldsOf(await read())).toMatchObject({ settled: true, helpDesk: { status: 'open' } });
  });

  it('leaves closed an exception in whose place another one is open', async () => {
    await send(update());
    const newer = await openException(exceptions.server.store, { authorizationNumber: next });
    expect((await send(update({ status: 'open', comment: 'Again' }))).status).toBe(204);
    expect((await told()).at(-1)).toEqual(['note', 'closed', 'closed', 'Again', 'Zendesk']);
    expect((await read(newer)).state).toBe('open');
  });
});

describe('the same update', () => {
  it('twice is one event', async () => {
    for (let time = 1; time <= 3; time += 1) expect((await send(update())).status).toBe(204);
    expect(await told()).toHaveLength(1);
  });

  it('many times at once is one event', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(update())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 204));
    expect(await told()).toHaveLength(1);
  });

  it('counts again when another one came in between', async () => {
    for (const status of ['solved', 'open', 'solved']) await send(update({ status, comment: null }));
    expect((await told()).map(([name]) => name)).toEqual(['solve', 'reopen', 'solve']);
  });

  it('with an Idempotency-Key gets its first answer again', async () => {
    const first = await send(update(), { 'idempotency-key': 'k-1' });
    const second = await send(update(), { 'idempotency-key': 'k-1' });
    expect([first.status, second.status]).toEqual([204, 204]);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });
});

describe('a signed update', () => {
  const SECRET = 'a-secret';
  const signed = (body: unknown, sentAt = exceptions.clock.now(), secret = SECRET) => {
    const timestamp = sentAt.toISOString();
    const text = JSON.stringify(body);
    const signature = createHmac('sha256', secret)
      .update(timestamp + text)
      .digest('base64');
    return send(text, {
      'x-zendesk-webhook-signature': signature,
      'x-zendesk-webhook-signature-timestamp': timestamp,
    });
  };
  const ago = (ms: number) => new Date(exceptions.clock.now().getTime() - ms);

  it('is asked for where the account has a webhook secret', async () => {
    await exceptions.setting('zendesk.webhookSecret', SECRET);
    try {
      expect((await signed(update())).status).toBe(204);
      const before = await told();
      const wrong = [
        [await send(update({ status: 'open' })), /is missing/],
        [await signed(update({ status: 'open' }), exceptions.clock.now(), 'another'), /does not hold/],
        [await signed(update({ status: 'open' }), ago(5 * 60_000 + 1)), /more than five minutes ago/],
      ] as const;
      for (const [answer, message] of wrong) {
        expect(answer.status).toBe(403);
        expect(answer.body).toEqual(refused('Forbidden', expect.stringMatching(message)));
      }
      expect(await told()).toEqual(before);
    } finally {
      await exceptions.setting('zendesk.webhookSecret', null);
    }
  });

  it('that comes late leaves the status as it is and adds its comment, once', async () => {
    await exceptions.setting('zendesk.webhookSecret', SECRET);
    try {
      await signed(update({ status: 'solved', comment: 'Done' }), ago(1_000));
      for (let time = 1; time <= 2; time += 1) {
        expect((await signed(update({ status: 'open', comment: 'Working on it' }), ago(60_000))).status).toBe(
          204,
        );
      }
      expect((await told()).map(([name, , to, reason]) => [name, to, reason])).toEqual([
        ['solve', 'closed', 'Done'],
        ['note', 'closed', 'Working on it'],
      ]);
      expect(fieldsOf(await read()).helpDesk.status).toBe('solved');
    } finally {
      await exceptions.setting('zendesk.webhookSecret', null);
    }
  });
});

describe('an update is refused', () => {
  it.each([
    ['without a system', { externalSystemIdentifier: undefined }, 'externalSystemIdentifier'],
    ['without a reference', { externalReferenceId: undefined }, 'externalReferenceId'],
    ['with an empty reference', { externalReferenceId: '' }, 'externalReferenceId'],
    ['without a status', { status: undefined }, 'status'],
    ['with an unknown status', { status: 'resolved' }, 'status'],
    ['with a status that is no text', { status: 1 }, 'status'],
    ['with a comment that is no text', { comment: 1 }, 'comment'],
  ])('%s', async (_, more, field) => {
    const answer = await send(update(more));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused('ValidationFailed', expect.any(String), { [field]: expect.any(Array) }),
    );
    expect(await told()).toEqual([]);
  });

  it('of a system that is not known', async () => {
    const answer = await send(update({ externalSystemIdentifier: 'jira' }));
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(refused('Forbidden', 'The external system jira is not known here.'));
    expect(await told()).toEqual([]);
  });

  it('of a reference that no exception of the account has', async () => {
    await openException(exceptions.server.store, { authorizationNumber: 1 }, 'other');
    await answered(exceptions.server.store, 1, '1', 'other');
    for (const externalReferenceId of ['1', 'nowhere', 'ZDTICKET-']) {
      const answer = await send(update({ externalReferenceId }));
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual(
        refused('NotFound', `No exception has the reference ${externalReferenceId} in zendesk.`),
      );
    }
  });

  it('of anybody but the account’s client of the help desk', async () => {
    const { server } = exceptions;
    const strangers = [
      exceptions.partner(),
      server.as({ type: 'client', integration: 'jira' }),
      server.as({ permissions: ['admin'] }),
    ];
    for (const stranger of strangers) {
      const answer = await stranger('PATCH', UPDATE_STATUS, update());
      expect(answer.status).toBe(403);
      expect(answer.body).toEqual(
        refused('Forbidden', 'Only a token of the account’s zendesk integration is let in.'),
      );
    }
    const other = await exceptions.zendesk('other')('PATCH', UPDATE_STATUS, update());
    expect(other.status).toBe(404);
    expect(await told()).toEqual([]);
  });

  it('of no credential', async () => {
    const answer = await send(update(), { authorization: '' });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(refused('Unauthorized'));
  });
});

it('whatever the help desk reports in whatever order, the exception is open or closed by the last of it', async () => {
  const words = ['solved', 'open', 'open', 'closed', 'hold', 'closed', 'solved', 'new'] as const;
  for (const status of words) {
    await send(update({ status, comment: `${status}!` }));
    const closes = status === 'solved' || status === 'closed';
    expect((await read()).state).toBe(closes ? 'closed' : 'open');
  }
  const shown = await exceptions.partner()('GET', `${BASE}/ticketExceptions/${number}`);
  expect(shown.body).toMatchObject({
    id: number,
    isConsideredSolvedByTbs: false,
    ticketExceptionCreated: true,
  });
});
