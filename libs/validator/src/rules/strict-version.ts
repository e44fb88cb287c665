// DOC014: the id of a flow is derived from its version, so the version has one spelling.
import { diagnostic } from '@basalt/diagnostics';
import { isStrictSemver } from '@basalt/ir';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 1: `version` is a strict semver string. */
export const strictVersion: Rule = {
  name: 'strict-version',
  codes: ['DOC014'],
  check({ flow, at, report }) {
    if (isStrictSemver(flow.version)) return;
    report(diagnostic.DOC014({ found: JSON.stringify(flow.version) }, at('version')));
  },
};
