// Which slots the operators take: what has to be filled, and what may be.

export interface SlotRules {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Rules by id without its version. Ids that are not here may have any slots. */
export const SLOT_RULES: Readonly<Record<string, SlotRules>> = {
  'lcod://flow/if': { required: ['then'], optional: ['else'] },
  'lcod://flow/foreach': { required: ['body'], optional: ['else'] },
  'lcod://flow/while': { required: ['condition', 'body'], optional: ['else'] },
  'lcod://flow/parallel': { required: ['tasks'], optional: [] },
  'lcod://flow/try': { required: ['body'], optional: ['catch', 'finally'] },
  'lcod://flow/throw': { required: [], optional: [] },
  'lcod://flow/break': { required: [], optional: [] },
  'lcod://flow/continue': { required: [], optional: [] },
  'lcod://flow/check_abort': { required: [], optional: [] },
  'lcod://tooling/registry/scope': { required: ['body'], optional: [] },
  'lcod://tooling/log.context': { required: ['body'], optional: [] },
};
