import { expect, it } from 'vitest';
import { escapeHtml, proseHtml } from './html.ts';

it('text stays text, also within an attribute', () => {
  expect(escapeHtml('<a href="x">&</a>')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;');
});

it('prose shows what is between backticks as code, and nothing else', () => {
  expect(proseHtml('Ask `GET /x?a=1&b=<2>` or `y`; 3 < 4, a lone ` is kept')).toBe(
    'Ask <code>GET /x?a=1&amp;b=&lt;2&gt;</code> or <code>y</code>; 3 &lt; 4, a lone ` is kept',
  );
});
