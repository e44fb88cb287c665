// What every field of a form has around it: a label, a description, and its problem.
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { PayloadProblem } from '../../viewer-protocol.js';

export const ProblemsContext = createContext<readonly PayloadProblem[]>([]);

/** What is wrong at a place; undefined where nothing is.
 * @param isWhole also what is wrong with a part of it, which has no field of its own */
export function useProblem(pointer: string, isWhole = false): string | undefined {
  const problems = useContext(ProblemsContext);
  const found = problems.find((problem) => problem.pointer === pointer);
  if (found !== undefined || !isWhole) return found?.message;
  const part = problems.find((problem) => problem.pointer.startsWith(`${pointer}/`));
  return part && `${part.pointer.slice(pointer.length)} ${part.message}`;
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
  /** True where parts of the value have no fields of their own. */
  readonly isWhole?: boolean;
  /** Beside the label, such as a button that takes the field away. */
  readonly action?: ComponentChildren;
  input(ids: FieldIds): ComponentChildren;
}

export function FieldFrame(props: FieldFrameProps) {
  const { label, description, isRequired, pointer, isWhole, action, input } = props;
  const id = useId();
  const problem = useProblem(pointer, isWhole);
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
