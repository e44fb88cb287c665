// From a place in the document to the line of source that made it, so that findings of later checks
// point into the author's file.
import type { Location } from '@basalt/diagnostics';
import type { FlowBundle } from '@basalt/executor';
import { siteLocation, type DefinitionSite } from './definition-site.js';
import { flowBrand } from './flow-brand.js';

/** The source of the part of `bundle.ir` at `pointer`: of its node, edge or control surface, else of
 * the flow. undefined for flows that were not made by `defineFlow`. */
export function authoredLocation(bundle: FlowBundle, pointer: string): Location | undefined {
  const sites = flowBrand(bundle)?.sites;
  return sites && locationIn(sites, pointer);
}

/** The source of the closest part around `pointer` that has one. */
export function locationIn(
  sites: ReadonlyMap<string, DefinitionSite>,
  pointer: string,
): Location | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const site = sites.get(at);
    if (site !== undefined) return siteLocation(site);
    if (!at.includes('/')) return undefined;
  }
}
