import { errorCatalogue } from '../src/kernel/errors.ts';

/** `docs/errors.md`: every error code and what it means, in the catalogue's order. */
export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `# Errors

<!-- Generated from src/kernel/errors.ts by \`npm run generate\`. -->

Every refusal of Tessera has one of these codes. \`/api/v1\` shows it as \`code\` in \`application/problem+json\`;
each other contract spells it as its own clients expect, and its README says how.

| code | meaning |
|---|---|
${rows.join('\n')}
`;
}
