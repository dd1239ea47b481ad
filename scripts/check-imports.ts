import { join } from 'node:path';
import { cruiseTree } from './cruise.ts';
import { report } from './report.ts';

const { seen, unseen, violations } = await cruiseTree(join(import.meta.dirname, '..'));

report(`the import rules, over ${seen.length} modules`, [
  ...violations,
  ...unseen.map((file) => `${file}: dependency-cruiser did not see this file, so no rule was applied to it`),
]);
