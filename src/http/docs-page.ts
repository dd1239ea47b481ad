import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fastify from 'fastify';
import Type from 'typebox';
import { type ErrorCode, errorCatalogue, RefusalError, refuse } from '../kernel/errors.ts';
import type { Contract, HallInstance } from './contract.ts';
import { escapeHtml, proseHtml } from './html.ts';
import type { ContractDocument } from './openapi.ts';
import { sendJson, sendText } from './reply.ts';

export interface DescribedContract {
  readonly contract: Contract;
  readonly document: ContractDocument;
}

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const ONE_DAY = 'public, max-age=86400';

/** `/docs` lists the contracts; each has a page and its OpenAPI document. `/problems/<code>` explains an error. */
export function serveDocs(app: HallInstance, described: readonly DescribedContract[]): void {
  const list = listPage(described.map(({ contract }) => contract));
  app.get('/docs', async (_request, reply) => reply.header('content-type', HTML).send(list));

  for (const { contract, document } of described) {
    const page = contractPage(contract);
    app.get(`/docs/${contract.name}`, async (_request, reply) =>
      reply.header('content-type', HTML).send(page),
    );
    app.get(`/docs/${contract.name}/openapi.json`, async (_request, reply) =>
      sendText(reply, 200, document()),
    );
  }

  app.get('/docs/assets/start.js', async (_request, reply) =>
    reply.header('content-type', SCRIPT).header('cache-control', ONE_DAY).send(START_SCRIPT),
  );
  let script: Promise<Buffer> | null = null;
  app.get('/docs/assets/reference.js', async (_request, reply) => {
    script ??= loadReferenceScript();
    reply.header('content-type', SCRIPT).header('cache-control', ONE_DAY).header('content-encoding', 'gzip');
    return script;
  });

  const params = Type.Object({ code: Type.String() });
  app.get('/problems/:code', { schema: { params } }, async (request, reply) => {
    const { code } = request.params;
    if (!Object.hasOwn(errorCatalogue, code)) throw new RefusalError(refuse('notFound'));
    return sendJson(reply, 200, { code, meaning: errorCatalogue[code as ErrorCode] });
  });
}

/**
 * The reader's script out of its npm package, compressed. The package hides it in a module that takes 0.5 s and
 * 60 MB to load, so it is loaded when the first reader comes, and served by a Fastify of its own, for a plugin
 * cannot be added to a server that runs.
 */
async function loadReferenceScript(): Promise<Buffer> {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const host = fastify();
  await host.register(reference, { routePrefix: '/reference', configuration: { url: '/' } });
  const { rawPayload } = await host.inject('/reference/js/scalar.js');
  await host.close();
  return promisify(gzip)(rawPayload);
}

/** Everything that would call another server is turned off; the page's policy would stop it anyway. */
const START_SCRIPT = `Scalar.createApiReference('#reference', {
  url: document.getElementById('reference').dataset.document,
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
});
`;

function contractPage({ name, title }: Contract): string {
  return page(
    title,
    `<div id="reference" data-document="/docs/${name}/openapi.json"></div>
<noscript><p>The page needs JavaScript. The document itself is <a href="/docs/${name}/openapi.json">openapi.json</a>.</p></noscript>
<script src="/docs/assets/reference.js"></script>
<script src="/docs/assets/start.js"></script>`,
  );
}

function listPage(contracts: readonly Contract[]): string {
  const items = contracts.map(
    ({ name, title, description }) =>
      `<li><a href="/docs/${name}">${escapeHtml(title)}</a> (<a href="/docs/${name}/openapi.json">OpenAPI</a>)<br>${proseHtml(description)}</li>`,
  );
  return page(
    'Tessera: documentation',
    `<main style="max-width: 46rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif">
<h1>Documentation</h1>
<ul>
${items.join('\n')}
</ul>
</main>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
</head>
<body>
${body}
</body>
</html>
`;
}
