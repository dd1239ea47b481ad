import { describe, expect, it } from 'vitest';
import { useNative } from '../fixture/errand.ts';

const server = useNative();
const acme = server.as({ id: 'ana', party: 'acme', permissions: ['tickets.delete'] });
const staff = server.as({ id: 'dee', permissions: ['tickets.read', 'tickets.delete'] });
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });
const foreign = server.as({ id: 'fay', account: 'other', permissions: ['admin'] });

async function errand(): Promise<{ key: string; path: string }> {
  const { body } = await acme('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand' });
  return { key: body.key, path: `/api/v1/tickets/${body.id}` };
}

describe('DELETE /api/v1/tickets/{id}', () => {
  it('erases a ticket by UUID or key, with all that can be read of it', async () => {
    const { key, path } = await errand();
    const { status, text, headers } = await staff('DELETE', `/api/v1/tickets/${key}`);
    expect([status, text, headers['content-type']]).toEqual([204, '', undefined]);
    for (const url of [path, `${path}/timeline`, `/api/v1/timers?ticket=${key}`]) {
      expect((await staff('GET', url)).status).toBe(404);
    }
    expect((await staff('DELETE', path)).body).toMatchObject({ status: 404, code: 'ticketNotFound' });
    const second = await errand();
    expect(
      (await staff('DELETE', second.path.toUpperCase().replace('/API/V1/TICKETS', '/api/v1/tickets'))).status,
    ).toBe(204);
  });

  it('is refused without the permission, to parties, to other accounts, and on another version', async () => {
    const { path } = await errand();
    const refused = async (send: typeof staff, headers = {}) => {
      const { status, body } = await send('DELETE', path, undefined, headers);
      return [status, body.code];
    };
    expect(await refused(reader)).toEqual([403, 'forbidden']);
    expect(await refused(acme)).toEqual([403, 'forbidden']);
    expect(await refused(foreign)).toEqual([404, 'ticketNotFound']);
    expect(await refused(staff, { 'if-match': '"7"' })).toEqual([412, 'versionMismatch']);
    expect((await reader('GET', path)).status).toBe(200);
    expect((await staff('DELETE', path, undefined, { 'if-match': '"1"' })).status).toBe(204);
  });

  it('is told again under its key', async () => {
    const { path } = await errand();
    const headers = { 'idempotency-key': 'erase-1' };
    const first = await staff('DELETE', path, undefined, headers);
    const again = await staff('DELETE', path, undefined, headers);
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([204, undefined]);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([204, 'true']);
  });
});
