// A form for the payload of a trigger, made from its JSON Schema. Whoever would rather write JSON can.
import { useId, useMemo, useRef, useState } from 'preact/hooks';
import type { PayloadProblem, ShownJson } from '../../viewer-protocol.js';
import { ProblemsContext } from './field-frame.js';
import { FieldInput } from './field-input.js';
import { emptyDraft, draftOf, readDraft, type Draft } from './form-draft.js';
import { fieldOf, type FormField } from './form-field.js';

export interface SchemaFormProps {
  /** Null where anything is accepted. */
  readonly schema: ShownJson;
  readonly isBusy: boolean;
  /** What the host found wrong. */
  readonly serverProblems: readonly PayloadProblem[];
  onSubmit(payload: ShownJson): void;
  onCancel(): void;
}

const ANYTHING: FormField = { kind: 'json', title: '', description: '', initial: undefined };

export function SchemaForm(props: SchemaFormProps) {
  const { schema, isBusy, serverProblems, onSubmit, onCancel } = props;
  const field = useMemo(() => (schema === null ? ANYTHING : fieldOf(schema)), [schema]);
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(field));
  const [json, setJson] = useState<string | undefined>(field.kind === 'json' ? '' : undefined);
  const [problems, setProblems] = useState<readonly PayloadProblem[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const isJson = json !== undefined;
  const shown = problems.length > 0 ? problems : serverProblems;

  const read = () => {
    if (isJson) return readDraft(ANYTHING, { kind: 'json', text: json }, field.kind !== 'json');
    return readDraft(field, draft, true);
  };

  const onSubmitForm = (event: SubmitEvent) => {
    event.preventDefault();
    const { value, problems: found } = read();
    setProblems(found);
    if (found.length === 0) onSubmit(value ?? null);
    else requestAnimationFrame(() => focusFirstProblem(form.current));
  };

  const toJson = () => {
    const { value } = readDraft(field, draft, true);
    setProblems([]);
    setJson(JSON.stringify(value ?? null, undefined, 2));
  };

  const toForm = () => {
    const { value, problems: found } = read();
    setProblems(found);
    if (found.length > 0) return;
    if (value !== undefined) setDraft(draftOf(field, value));
    setJson(undefined);
  };

  return (
    <form class="schema-form" ref={form} onSubmit={onSubmitForm} noValidate aria-busy={isBusy}>
      <ProblemsContext.Provider value={shown}>
        <ProblemSummary problems={shown} isJson={isJson} />
        {field.kind !== 'json' && (
          <div class="segmented" role="group" aria-label="How to enter the payload">
            <button type="button" aria-pressed={!isJson} onClick={() => isJson && toForm()}>
              Form
            </button>
            <button type="button" aria-pressed={isJson} onClick={() => !isJson && toJson()}>
              JSON
            </button>
          </div>
        )}
        {isJson ? (
          <div class="field">
            <label for={id}>Payload</label>
            <textarea
              id={id}
              class="code"
              rows={10}
              spellcheck={false}
              value={json}
              aria-invalid={shown.length > 0}
              onInput={(event) => setJson(event.currentTarget.value)}
            />
            {field.kind === 'json' && <p class="hint">JSON; empty for null.</p>}
          </div>
        ) : (
          <FieldInput
            field={field}
            draft={draft}
            onChange={setDraft}
            label="Payload"
            isRequired
            pointer=""
            depth={0}
          />
        )}
      </ProblemsContext.Provider>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={isBusy}>
          {isBusy ? 'Starting\u2026' : 'Start run'}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          Close
        </button>
      </div>
    </form>
  );
}

interface ProblemSummaryProps {
  readonly problems: readonly PayloadProblem[];
  readonly isJson: boolean;
}

/** Says how many problems there are, and shows those that have no field. */
function ProblemSummary({ problems, isJson }: ProblemSummaryProps) {
  if (problems.length === 0) return <div role="alert" />;
  const listed = problems.filter(({ pointer }) => isJson || pointer === '');
  return (
    <div class="notice danger" role="alert">
      <p>
        {problems.length === 1
          ? 'One thing is not right yet.'
          : `${problems.length} things are not right yet.`}
      </p>
      {listed.length > 0 && (
        <ul>
          {listed.map(({ pointer, message }) => (
            <li key={pointer}>
              {pointer !== '' && <code>{pointer}</code>} {pointer === '' ? 'It' : ''} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function focusFirstProblem(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus();
}
