import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { useLab } from './fixture/lab.ts';
import { enter } from './locks.ts';

const lab = useLab();
const proxies: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const proxy of proxies.splice(0)) proxy.close();
});

/** Stands before PostgreSQL and does something else than passing on the statement that takes the lock `server`. */
async function proxyOf(url: URL, instead: (client: Socket) => void): Promise<number> {
  const proxy = createServer((client) => {
    const server = connect(Number(url.port), url.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    server.pipe(client);
    client.on('data', (bytes) => {
      if (bytes.includes('pg_try_advisory_lock(')) instead(client);
      else server.write(bytes);
    });
  });
  proxies.push(proxy);
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return (proxy.address() as AddressInfo).port;
}

describe('taking the locks', () => {
  it.each([
    ['the connection is reset in that moment', (client: Socket) => client.resetAndDestroy()],
    ['the connection ends in that moment', (client: Socket) => client.end()],
    ['PostgreSQL stays silent', () => {}],
  ])('comes to an end when %s', async (_, instead) => {
    const url = new URL((await lab.start({ dataDir: await lab.newFolder(), role: 'tool' })).url);
    const port = await proxyOf(url, instead);
    const entry = await enter({ port, password: url.password }, 'server', 500);
    expect(entry).toEqual({ ok: false, reason: 'unreachable' });
    const direct = await enter({ port: Number(url.port), password: url.password }, 'server', 5_000);
    expect(direct.ok).toBe(true);
    if (direct.ok) await direct.session.end();
  });
});
