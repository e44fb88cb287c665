// What ids mean in an execution: components by id, implementations by contract. Registries are layered: a
// layer sees what is below it and changes nothing there, so executions never see each other's additions.
import { diagnostic } from '@basalt/diagnostics';
import type { Component } from './component.js';
import { ComposeError } from './compose-error.js';

export type ComponentLoader = (id: string) => Promise<Component | undefined>;

const CONTRACT = 'lcod://contract/';

export class Registry {
  private readonly components = new Map<string, Component>();
  /** Ids by what stands before "@". */
  private readonly versions = new Map<string, string[]>();
  private readonly bindings = new Map<string, string>();

  /** This one, then what is below it. */
  private readonly layers: readonly Registry[];

  constructor(
    private readonly below?: Registry,
    private readonly loader?: ComponentLoader,
  ) {
    this.layers = [this, ...(below?.layers ?? [])];
  }

  /** A layer above this one. */
  layer(loader?: ComponentLoader): Registry {
    return new Registry(this, loader);
  }

  /** Adds or replaces a component. Its id is known with `_` for `-` and the other way round. */
  register(component: Component): this {
    for (const id of twins(component.id)) {
      this.components.set(id, component);
      const [base] = splitVersion(id);
      const known = this.versions.get(base) ?? [];
      if (!known.includes(id)) this.versions.set(base, [...known, id]);
    }
    return this;
  }

  bind(contract: string, implementation: string): this {
    if (contract === implementation) {
      throw ComposeError.of(diagnostic.COMP105({ contract, chain: implementation }));
    }
    for (const id of twins(contract)) this.bindings.set(id, implementation);
    return this;
  }

  /** The component that an id stands for; a promise where it has to be loaded first. Throws COMP101,
   * COMP102, COMP105. */
  find(id: string): Component | Promise<Component> {
    const found = this.known(id);
    if (found !== undefined) return found;
    if (id.startsWith(CONTRACT)) {
      const target = this.bound(id, [id]);
      if (target !== undefined) return this.known(target) ?? this.load(target);
    }
    return this.load(id);
  }

  /** All ids, those of layers below included. */
  ids(): readonly string[] {
    return [...new Set([...(this.below?.ids() ?? []), ...this.components.keys()])].sort();
  }

  private known(id: string): Component | undefined {
    for (const layer of this.layers) {
      const component = layer.components.get(id);
      if (component !== undefined) return component;
    }
    return this.ofOtherVersion(id);
  }

  /** `@1` stands for the highest 1.x.y, and 1.x.y for what is registered as `@1`. */
  private ofOtherVersion(id: string): Component | undefined {
    const [base, version] = splitVersion(id);
    if (version === undefined) return undefined;
    const major = version.split('.', 1)[0]!;
    let best: string | undefined;
    for (const layer of this.layers) {
      for (const candidate of layer.versions.get(base) ?? []) {
        const [, other] = splitVersion(candidate);
        const fits = version === major ? isRelease(other, major) : other === major;
        if (fits && (best === undefined || isHigher(candidate, best))) best = candidate;
      }
    }
    return best === undefined ? undefined : this.known(best);
  }

  /** Follows bindings to what is no contract, or is registered. */
  private bound(contract: string, chain: readonly string[]): string | undefined {
    let target: string | undefined;
    for (const layer of this.layers) {
      target = layer.bindings.get(contract) ?? layer.ofMajor(contract);
      if (target !== undefined) break;
    }
    if (target === undefined) return undefined;
    if (chain.includes(target)) {
      throw ComposeError.of(
        diagnostic.COMP105({ contract: chain[0]!, chain: [...chain.slice(1), target].join(', ') }),
      );
    }
    if (!target.startsWith(CONTRACT) || this.known(target) !== undefined) return target;
    return this.bound(target, [...chain, target]) ?? target;
  }

  /** A binding of the same contract, named with another writing of the same major version. */
  private ofMajor(contract: string): string | undefined {
    const [base, version] = splitVersion(contract);
    if (version === undefined) return undefined;
    const major = version.split('.', 1)[0]!;
    for (const [bound, target] of this.bindings) {
      const [otherBase, other] = splitVersion(bound);
      const fits = version === major ? isRelease(other, major) : other === major;
      if (otherBase === base && fits) return target;
    }
    return undefined;
  }

  private load(id: string): Promise<Component> {
    return this.loaded(id).then((component) => {
      if (component !== undefined) return component;
      throw ComposeError.of(
        id.startsWith(CONTRACT) ? diagnostic.COMP102({ id }) : diagnostic.COMP101({ id }),
      );
    });
  }

  private async loaded(id: string): Promise<Component | undefined> {
    const component = await this.loader?.(id);
    if (component === undefined) return this.below?.loaded(id);
    this.register(component);
    return component;
  }
}

function splitVersion(id: string): [base: string, version: string | undefined] {
  const at = id.lastIndexOf('@');
  return at < 0 ? [id, undefined] : [id.slice(0, at), id.slice(at + 1)];
}

function twins(id: string): ReadonlySet<string> {
  const [base, version] = splitVersion(id);
  const tail = version === undefined ? '' : `@${version}`;
  const start = base.lastIndexOf('/') + 1;
  const name = base.slice(start);
  const head = base.slice(0, start);
  return new Set([
    id,
    `${head}${name.replaceAll('-', '_')}${tail}`,
    `${head}${name.replaceAll('_', '-')}${tail}`,
  ]);
}

function isRelease(version: string | undefined, major: string): boolean {
  return version !== undefined && version.startsWith(`${major}.`) && !version.includes('-');
}

/** Of two ids with one base and releases as versions, whether the first is the higher. */
function isHigher(id: string, than: string): boolean {
  const numbers = (one: string) =>
    (splitVersion(one)[1] ?? '').split('.').map((part) => parseInt(part, 10));
  const [a, b] = [numbers(id), numbers(than)];
  for (let i = 0; i < 3; i += 1) {
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
  }
  return false;
}
