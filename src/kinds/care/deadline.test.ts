import { describe, expect, it } from 'vitest';
import { silent } from '../../../test/stores.ts';
import { fireDueTimers } from '../../store/fire-timers.ts';
import { done, openTicket, useCare } from './api/fixture/care-server.ts';

const care = useCare();
const HOUR_MS = 3_600_000;

/** Fires what is due, as the dispatcher does. */
async function fire(): Promise<void> {
  const { sql, clock, kinds, directory, committed } = care.server.store;
  await fireDueTimers(
    { sql, clock, kinds, directory, log: silent, onCommit: committed, onFired: () => {} },
    'default',
  );
}

async function missedAt(id: string): Promise<string | null> {
  const [row] = await care.server.store.sql<[{ at: string | null }]>`
    select fields->>'missedDeadlineAt' as at from ticket where id = ${id}`;
  return row.at;
}

describe('the deadline', () => {
  it('is noted when it is missed, in whatever state the ticket is, and leaves that state', async () => {
    const assigned = await openTicket(care.agent());
    const escalated = await openTicket(care.agent());
    await done(care.agent(), escalated, 'escalate');
    const closed = await openTicket(care.agent());
    await done(care.agent(), closed, 'close');
    care.clock.advance(24 * HOUR_MS);
    await fire();
    expect(await missedAt(assigned)).toBe(care.clock.now().toISOString());
    expect(await missedAt(escalated)).toBe(care.clock.now().toISOString());
    expect(await missedAt(closed)).toBeNull();
    const { body } = await care.agent()('GET', `/v1/tickets/${assigned}`);
    expect(body).toMatchObject({ status: 'ASSIGNED', metadata: { sla: 0 } });
    care.clock.advance(HOUR_MS);
    const later = await care.agent()('GET', `/v1/tickets/${escalated}`);
    expect(later.body).toMatchObject({ status: 'ESCALATED', metadata: { sla: -3600 } });
  });

  it('is as far off as the account says when the ticket is made', async () => {
    const { sql, directory } = care.server.store;
    await sql`update account set settings = '{"care.deadline": "PT10M"}' where account = 'default'`;
    directory.forget('default');
    const { body } = await care.agent()('POST', '/v1/tickets', {});
    await sql`update account set settings = '{}' where account = 'default'`;
    directory.forget('default');
    expect(body.metadata.sla).toBe(600);
    const [timer] = await sql`select due_at as "dueAt" from timer where ticket = ${body.id}`;
    expect(timer?.dueAt).toEqual(new Date(care.clock.now().getTime() + 600_000));
  });
});
