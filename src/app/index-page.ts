import type { Contract, Plugin } from '../http/contract.ts';
import { escapeHtml, proseHtml } from '../http/html.ts';

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
code, pre { font: 0.9rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.8rem 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; }
li { margin: 0.6rem 0; } .quiet { opacity: 0.75; }
`;

/** `GET /`: what runs here, and the way to each contract's documentation. */
export function indexPage(contracts: readonly Contract[], version: string): Plugin {
  const html = render(contracts, version);
  return {
    name: 'index',
    register(app) {
      app.get('/', async (_request, reply) =>
        reply.header('content-type', 'text/html; charset=utf-8').send(html),
      );
    },
  };
}

function render(contracts: readonly Contract[], version: string): string {
  const items = contracts.map(
    ({ name, title, description, prefixes }) =>
      `<li><a href="/docs/${name}">${escapeHtml(title)}</a> at ${prefixes.map((prefix) => `<code>${escapeHtml(prefix)}</code>`).join(', ')}<br><span class="quiet">${proseHtml(description)}</span></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tessera</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Tessera</h1>
<p>A ticket exchange: one ticket core that speaks several published ticket APIs. This is version ${escapeHtml(version)}.</p>
<h2>APIs</h2>
<ul>
${items.join('\n')}
</ul>
<h2>Get a token</h2>
<p>On the machine that runs the server, for a party of the account:</p>
<pre>npm run -s tessera -- party --key acme --name "Acme"
npm run -s tessera -- token --party acme</pre>
<p>A client program asks for its own at <code>POST /oauth2/token</code>, with what <code>tessera client</code> printed.</p>
<h2>State</h2>
<p><a href="/healthz">healthz</a>, <a href="/readyz">readyz</a>, <a href="/metrics">metrics</a></p>
</body>
</html>
`;
}
