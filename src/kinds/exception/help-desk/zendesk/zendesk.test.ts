import { afterEach, describe, expect, it } from 'vitest';
import { forTheLog, until } from '../../../../../test/until.ts';
import type { StandInTicket, Trouble } from '../../../../../test/zendesk-server.ts';
import { writeSetting } from '../../../../store/accounts.ts';
import { move, openException, see, tryMove } from '../fixture/exceptions.ts';
import { SETTLED_COMMENT } from '../matter.ts';
import { useZendeskLab } from './fixture/lab.ts';
import { SCHEDULE_MS } from './queue.ts';

const lab = useZendeskLab({ requestMs: 300 });
afterEach(() => lab.zendesk.trouble(() => null));

const ticketsOf = (id: string): StandInTicket[] =>
  lab.zendesk.tickets.filter(({ external_id }) => external_id === `tessera-${id}`);

/** Requests that were sent for one exception, or for its ticket. */
const requestsOf = (id: string): string[] => {
  const number = ticketsOf(id)[0]?.id;
  return lab.zendesk.requests
    .filter(({ path, body }) =>
      [JSON.stringify(body), path].some((text) => text.includes(id) || text.endsWith(`/${number}`)),
    )
    .map(({ method }) => method);
};

const seen = (account: string, id: string) => see(lab.node.store, account, id);

/** What goes wrong with the first requests, one after the other. */
function troubles(...list: Trouble[]): void {
  lab.zendesk.trouble(() => list.shift() ?? null);
}

describe('an exception that goes to Zendesk', { timeout: 90_000 }, () => {
  it('has a ticket made there, and shows it', async () => {
    const account = await lab.account('made');
    const id = await openException(lab.node.store, account);
    await lab.settle(account);
    const [ticket, ...others] = ticketsOf(id);
    expect(others).toEqual([]);
    expect(ticket).toMatchObject({
      subject: expect.stringMatching(/^Missing ETA for Work Item #\d+$/),
      priority: 'high',
      status: 'new',
      tags: ['tessera', 'eta_missing'],
    });
    const work = ticket?.subject.split('#')[1];
    expect(ticket?.comments).toEqual([
      {
        public: true,
        body:
          'Service provider has not provided ETA\n\nPlease provide ETA within 2 hours\n\n' +
          `Work item ${work}, Example SP Inc. Exception EXC-1, ETA_MISSING.`,
      },
    ]);
    expect(await seen(account, id)).toEqual({
      state: 'open',
      settled: false,
      helpDesk: {
        system: 'zendesk',
        answered: true,
        reference: String(ticket?.id),
        status: 'new',
        fault: null,
      },
      references: [{ domain: 'zendesk', type: 'ticket', identifier: `ZDTICKET-${ticket?.id}` }],
      history: ['open', 'answer'],
    });
    expect(requestsOf(id)).toEqual(['POST']);
  });

  it('has it commented and solved when the work item settles the matter', async () => {
    const account = await lab.account('settled');
    const id = await openException(lab.node.store, account);
    // Both are told at once, in their order.
    await move(lab.node.store, account, id, 'settle', 'engine');
    await lab.settle(account);
    const [ticket] = ticketsOf(id);
    expect(ticket?.status).toBe('solved');
    expect(ticket?.comments.slice(1)).toEqual([{ body: SETTLED_COMMENT, public: false }]);
    expect(await seen(account, id)).toMatchObject({
      state: 'closed',
      settled: true,
      helpDesk: { status: 'solved', answered: true },
      history: ['open', 'settle', 'answer', 'note'],
    });
    await move(lab.node.store, account, id, 'settle', 'engine');
    await lab.settle(account);
    expect(ticket?.comments).toHaveLength(2);
  });

  it.each<[string, Trouble]>([
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '93' } }],
    ['500', { status: 500 }],
    ['409', { status: 409 }],
    ['an answer that never came, before the ticket was made', { hangs: true }],
    ['an answer that never came, after the ticket was made', { hangs: true, afterWork: true }],
    ['a connection that was cut after the ticket was made', { cuts: true, afterWork: true }],
    ['500 after the ticket was made', { status: 500, afterWork: true }],
  ])('has one ticket after %s, also when Zendesk has forgotten the key', async (what, trouble) => {
    const account = await lab.account(`trouble ${what.length}`.replaceAll(' ', '-'));
    troubles(trouble);
    const id = await openException(lab.node.store, account);
    await until(() => {
      lab.zendesk.forgetKeys();
      return lab.node.reader.step(account).then(() => requestsOf(id).length > 0);
    }, forTheLog);
    lab.zendesk.forgetKeys();
    await lab.settle(account);
    expect(ticketsOf(id)).toHaveLength(1);
    expect(await seen(account, id)).toMatchObject({
      helpDesk: { answered: true, reference: String(ticketsOf(id)[0]?.id), fault: null },
      history: ['open', 'answer'],
    });
  });

  it.each<[string, Trouble]>([
    ['an answer that never came, after it was solved', { hangs: true, afterWork: true }],
    ['409', { status: 409 }],
  ])('has its ticket commented once after %s', async (what, trouble) => {
    const account = await lab.account(`solved-${what.length}`);
    const id = await openException(lab.node.store, account);
    await lab.settle(account);
    troubles(trouble);
    await move(lab.node.store, account, id, 'settle', 'engine');
    await lab.settle(account);
    const [ticket] = ticketsOf(id);
    expect(ticket?.status).toBe('solved');
    expect(ticket?.comments).toHaveLength(2);
    expect((await seen(account, id)).helpDesk).toMatchObject({ status: 'solved', fault: null });
  });

  it('waits as long as Zendesk asks, and by the schedule otherwise', async () => {
    const account = await lab.account('waits');
    const planned: number[] = [];
    const start = lab.clock.now().getTime();
    const due = () => lab.node.store.sql<{ at: Date }[]>`
      select start_after as at from pgboss.job
      where name = 'zendesk' and data->>'account' = ${account} and retry_count > 0`;
    // The database's clock is ahead of the lab's, so the attempts follow at once; what they were planned for is kept.
    lab.zendesk.trouble((_, index) => {
      void due().then((rows) => planned.push(...rows.map(({ at }) => at.getTime() - start)));
      return index % 2 === 0 ? { status: 500 } : { status: 429, headers: { 'retry-after': '3000' } };
    });
    await openException(lab.node.store, account);
    await until(async () => {
      await lab.node.reader.step(account);
      return planned.length >= 4;
    }, forTheLog);
    lab.zendesk.trouble(() => null);
    await lab.settle(account);
    for (const at of planned) expect([3_000_000, ...SCHEDULE_MS]).toContain(at);
    expect(planned).toContain(3_000_000);
  });

  it('shows the fault after a day without Zendesk, and is tried again when somebody says so', async () => {
    const account = await lab.account('outage');
    let attempts = 0;
    const start = lab.clock.now().getTime();
    const at: number[] = [];
    lab.zendesk.trouble(() => {
      at.push(lab.clock.now().getTime() - start);
      const step = (SCHEDULE_MS[attempts + 1] ?? 0) - (SCHEDULE_MS[attempts] ?? 0);
      attempts += 1;
      if (step > 0) lab.clock.advance(step);
      return { status: 503 };
    });
    const id = await openException(lab.node.store, account);
    await lab.settle(account);
    expect(at).toEqual(SCHEDULE_MS);
    expect(SCHEDULE_MS.at(-1)).toBe(86_400_000);
    expect(await seen(account, id)).toMatchObject({
      state: 'open',
      helpDesk: { answered: false, reference: null, fault: 'Zendesk answered GET /api/v2/tickets with 503.' },
      history: ['open', 'fail'],
    });
    lab.zendesk.trouble(() => null);
    await move(lab.node.store, account, id, 'retry', 'partner');
    await lab.settle(account);
    expect(ticketsOf(id)).toHaveLength(1);
    expect(await seen(account, id)).toMatchObject({
      helpDesk: { answered: true, fault: null },
      history: ['open', 'fail', 'retry', 'answer'],
    });
  });

  it('settled during the outage, it is made and solved by the same try', async () => {
    const account = await lab.account('settled-late');
    lab.zendesk.trouble(() => ({ status: 401 }));
    const id = await openException(lab.node.store, account);
    await move(lab.node.store, account, id, 'settle', 'engine');
    await lab.settle(account);
    expect(await seen(account, id)).toMatchObject({
      state: 'closed',
      helpDesk: { fault: 'Zendesk answered POST /api/v2/tickets with 401.' },
      history: ['open', 'settle', 'fail'],
    });
    lab.zendesk.trouble(() => null);
    await move(lab.node.store, account, id, 'retry', 'partner');
    await lab.settle(account);
    expect(ticketsOf(id).map(({ status }) => status)).toEqual(['solved']);
    expect((await seen(account, id)).history).toEqual(['open', 'settle', 'fail', 'retry', 'answer', 'note']);
  });

  it('is not tried again where nothing has failed', async () => {
    const account = await lab.account('fine');
    const id = await openException(lab.node.store, account);
    await lab.settle(account);
    expect(await tryMove(lab.node.store, account, id, 'retry', 'partner')).toMatchObject({
      code: 'invalidTransition',
      message: 'The help desk has not failed: there is nothing to try again.',
    });
  });

  it('shows that the ticket is gone from Zendesk, or closed there for good', async () => {
    const account = await lab.account('gone');
    const [gone, closed] = await Promise.all([1, 2].map(() => openException(lab.node.store, account)));
    await lab.settle(account);
    const [ticket] = ticketsOf(closed ?? '');
    if (ticket) ticket.status = 'closed';
    const number = ticketsOf(gone ?? '')[0]?.id;
    lab.zendesk.trouble(({ path }) => (path.endsWith(`/${number}`) ? { status: 404 } : null));
    for (const id of [gone ?? '', closed ?? '']) await move(lab.node.store, account, id, 'settle', 'engine');
    await lab.settle(account);
    const faultOf = async (id: string | undefined) => (await seen(account, id ?? '')).helpDesk.fault;
    expect(await faultOf(gone)).toBe(`Zendesk answered PUT /api/v2/tickets/${number} with 404.`);
    expect(await faultOf(closed)).toContain('closed prevents ticket update');
    await move(lab.node.store, account, closed ?? '', 'retry', 'partner');
    await lab.settle(account);
    expect((await seen(account, closed ?? '')).helpDesk).toMatchObject({ fault: null, status: 'closed' });
  });

  it('has one ticket with two nodes at work', async () => {
    const account = await lab.account('two-nodes');
    const nodes = [lab.node, await lab.openNode()];
    const ids = await Promise.all(Array.from({ length: 25 }, () => openException(lab.node.store, account)));
    for (const id of ids) await move(lab.node.store, account, id, 'settle', 'engine');
    await lab.settle(account, nodes);
    for (const id of ids) {
      expect(ticketsOf(id)).toMatchObject([{ status: 'solved', comments: { length: 2 } }]);
      expect((await seen(account, id)).history).toEqual(['open', 'settle', 'answer', 'note']);
    }
  });

  it('waits for its settings where somebody has taken them back', async () => {
    const account = await lab.account('unset');
    const id = await openException(lab.node.store, account);
    await writeSetting(lab.node.store.sql, account, 'zendesk.token', null);
    lab.node.store.directory.forget(account);
    await until(async () => {
      await lab.node.reader.step(account);
      const rows = await lab.node.store.sql<{ output: { message: string } }[]>`
        select output from pgboss.job where name = 'zendesk' and data->>'account' = ${account} and output is not null`;
      return rows[0]?.output.message.startsWith('Zendesk is not configured');
    }, forTheLog);
    await lab.account(account);
    await lab.settle(account);
    expect(ticketsOf(id)).toHaveLength(1);
  });

  it('leaves the exceptions alone that another help desk looks after', async () => {
    const account = await lab.account('both');
    const id = await openException(lab.node.store, account, { system: 'desk' });
    await lab.settle(account);
    expect(requestsOf(id)).toEqual([]);
  });
});
