import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Sets the headers of pages: nothing from elsewhere, no inline script. Inline styles are allowed, for the script of
 * the documentation writes its own. Answers of the contracts get a short fixed list instead, for helmet costs more
 * than the rest of the hooks together.
 */
export async function securePages(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Whoever ends TLS in front of this server decides about it.
    strictTransportSecurity: false,
  });
}
