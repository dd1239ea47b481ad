import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const SWEEP_MS = 50;

/**
 * Makes `app.close()` graceful: event streams end at once, what was begun may finish within `graceMs`, connections
 * are closed as soon as they fall idle, and what is still open after that is cut.
 * @returns whether the server has begun to stop
 */
export function stopGracefully(app: FastifyInstance, graceMs: number): () => boolean {
  let stopping = false;
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', (done) => {
    stopping = true;
    app.eventStreams.endAll();
    if (app.server.listening) {
      // Node closes the connections that are idle now; one that falls idle later would wait for its time limit.
      const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      // Browsers open connections in advance; Node does not count as idle what never brought a request.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
      app.server.once('close', () => {
        clearInterval(sweep);
        clearTimeout(cut);
      });
    }
    done();
  });
  return () => stopping;
}
