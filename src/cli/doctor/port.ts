import { createServer } from 'node:net';
import { type Finding, fail, messageOf, ok, warn } from './finding.ts';

const ANSWER_WITHIN_MS = 3000;

/** The port is free for a server, or a Tessera answers there and is ready. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  const place = `${host}:${port}`;
  const fault = await listenFault(host, port);
  if (fault === null) return ok('port', `${place} is free; no server runs there`);
  if (fault.code !== 'EADDRINUSE') {
    return fail(
      'port',
      `${place} cannot be listened on: ${fault.message}`,
      'Choose others with HOST and PORT.',
    );
  }
  return checkServer(place, urlOf(host, port));
}

async function checkServer(place: string, url: string): Promise<Finding> {
  const stranger = (found: string) =>
    fail(
      'port',
      `${place} is used by another program: ${found}`,
      'Stop that program, or choose another PORT.',
    );
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('checks' in body)) {
      return stranger('its /readyz is not ours');
    }
    if (response.ok) return ok('port', `the server at ${url} is ready`);
    const checks = JSON.stringify(body.checks);
    return warn('port', `the server at ${url} is not ready: ${checks}`, 'See its log.');
  } catch (error) {
    return stranger(messageOf(error));
  }
}

function listenFault(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => resolve(null));
    });
  });
}

function urlOf(host: string, port: number): string {
  const reachable =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return `http://${reachable}:${port}`;
}
