// What every field of a form has around it: a label, a description, and its problem.
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { PayloadProblem } from '../../viewer-protocol.js';

export const ProblemsContext = createContext<readonly PayloadProblem[]>([]);

/** What is wrong at a place; undefined where nothing is. */
export function useProblem(pointer: string): string | undefined {
  return useContext(ProblemsContext).find((problem) => problem.pointer === pointer)?.message;
}

/** What an input needs to be described by its frame. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
  readonly 'aria-required': boolean;
}

export interface FieldFrameProps {
  readonly label: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly pointer: string;
  /** Beside the label, such as a button that takes the field away. */
  readonly action?: ComponentChildren;
  input(ids: FieldIds): ComponentChildren;
}

export function FieldFrame(props: FieldFrameProps) {
  const { label, description, isRequired, pointer, action, input } = props;
  const id = useId();
  const problem = useProblem(pointer);
  const described = [
    description === '' ? undefined : `${id}-about`,
    problem === undefined ? undefined : `${id}-problem`,
  ].filter((part) => part !== undefined);
  const ids = {
    id,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    'aria-invalid': problem !== undefined,
    'aria-required': isRequired,
  };
  return (
    <div class={problem === undefined ? 'field' : 'field has-problem'}>
      <div class="field-head">
        <label for={id}>{label}</label>
        {!isRequired && <span class="optional">optional</span>}
        {action}
      </div>
      {description !== '' && (
        <p class="hint" id={`${id}-about`}>
          {description}
        </p>
      )}
      {input(ids)}
      {problem !== undefined && (
        <p class="field-problem" id={`${id}-problem`}>
          {label} {problem}.
        </p>
      )}
    </div>
  );
}
